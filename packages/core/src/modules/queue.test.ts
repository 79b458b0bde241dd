import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { compileStep } from "../engine/compile-step.js";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { queue } from "./queue.js";

beforeAll(useTestBackend);

const rowsOf = (values: ArrayLike<number>) =>
  Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i], values[2 * i + 1]]);

test("starts from unit rows, others by another chance", () => {
  const { rows, buffers, parameters } = queue(5, 2, createRandom(1));
  const lengths = rowsOf(rows.dataSync()).map(([x, y]) => Math.hypot(x!, y!));
  for (const length of lengths) expect(length).toBeCloseTo(1, 6);
  expect(rows.dataSync()).not.toEqual(queue(5, 2, createRandom(2)).rows.dataSync());
  expect(Object.keys(buffers)).toEqual(["rows"]);
  expect(parameters).toEqual({});
});

onEachEngine(() => {
  test("the newest are last, the oldest leave, also when replayed", async () => {
    const { rows, push } = queue(5, 2, createRandom(1));
    const [, , a, b, c] = rowsOf(await rows.data());
    const step = compileStep(({ keys }: { keys: ReturnType<typeof tensor2d> }) => {
      push(keys as never);
      return {};
    });
    await step({ keys: tensor2d([[1, 2], [3, 4]]) }); // biome-ignore format: a matrix
    expect(rowsOf(await rows.data())).toEqual([a, b, c, [1, 2], [3, 4]]);
    await step({ keys: tensor2d([[5, 6], [7, 8]]) }); // biome-ignore format: a matrix
    expect(rowsOf(await rows.data())).toEqual([c, [1, 2], [3, 4], [5, 6], [7, 8]]);
    await step({ keys: tensor2d([[0, 1], [0, 2], [0, 3], [0, 4], [0, 5]]) }); // biome-ignore format: a matrix
    expect(rowsOf(await rows.data())).toEqual([[0, 1], [0, 2], [0, 3], [0, 4], [0, 5]]); // biome-ignore format: a matrix
    step.dispose();
  });
});

test("keys that do not fit are refused", () => {
  const { push } = queue(2, 3, createRandom(1));
  expect(() => push(tensor2d([[1, 2]]))).toThrow("queue: keys must be [N, 3] with N at most 2, got [1,2]");
  expect(() => push(tensor2d([0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3]))).toThrow("with N at most 2, got [3,3]");
  expect(() => queue(0, 3, createRandom(1))).toThrow("queue: size must be a whole number from 1, got 0.");
});
