import { matMul, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { onEachEngine } from "../testing/each-engine.js";
import { countedStep } from "./counted-step.js";

onEachEngine(() => {
  test("a step is counted once for each set of shapes, where it is traced or run", async () => {
    const step = countedStep(({ some: { x } }: { some: { x: Tensor2D } }) => ({ y: matMul(x, x, false, true) }));
    const inputOf = (rows: number) => ({ some: { x: zeros([rows, 5]) as Tensor2D } });
    const [small, large] = [inputOf(2), inputOf(3)];
    expect(() => step.flopsOf(small)).toThrow("got some: { x: [2,5] }. Run it first.");
    for (const inputs of [small, large, small]) (await step(inputs)).y.dispose();
    for (const { some } of [small, large]) some.x.dispose();
    expect(step.flopsOf(small)).toEqual({ products: 2 * 2 * 2 * 5, elements: 0, uncounted: [] });
    expect(step.flopsOf(large)).toEqual({ products: 2 * 3 * 3 * 5, elements: 0, uncounted: [] });
    step.dispose();
  });
});
