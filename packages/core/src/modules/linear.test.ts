import { ones, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { zeroValues } from "./initializers.js";
import { linear } from "./linear.js";

beforeAll(useTestBackend);

test("by hand: [1, 2] through rows [3, 4] and [5, 6] is [11, 17]", () => {
  const layer = linear(2, 2, { random: createRandom(0), initializeBias: zeroValues });
  layer.parameters.weight!.assign(
    tensor2d([
      [3, 4],
      [5, 6],
    ]),
  );
  expect([...layer(tensor2d([[1, 2]])).dataSync()]).toEqual([11, 17]);
});

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase<{ sizes: [number, number]; bias?: boolean }>>("linear")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const { sizes, bias } = expected.options;
      expectAsPyTorch(linear(...sizes, { random: createRandom(0), bias }), expected);
    });
  }
});

test("starts in ±1/√inputSize, each parameter from its own stream", () => {
  const { weight, bias } = linear(100, 50, { random: createRandom(7) }).parameters;
  const values = weight!.dataSync();
  expect(Math.max(...values)).toBeLessThan(0.1);
  expect(Math.max(...values)).toBeGreaterThan(0.098);
  expect(Math.min(...values)).toBeLessThan(-0.098);
  const alone = linear(100, 50, { random: createRandom(7), initialize: zeroValues }).parameters.bias!;
  expect([...bias!.dataSync()]).toEqual([...alone.dataSync()]); // whatever was drawn for the weight
  expect(Math.max(...bias!.dataSync())).toBeLessThan(0.1);
});

test("an input of another width is refused", () => {
  const layer = linear(3, 2, { random: createRandom(0) });
  expect(() => layer(ones([4, 5]))).toThrow("linear: the input's last axis must be 3 (weight [2,3]), got shape [4,5]");
});
