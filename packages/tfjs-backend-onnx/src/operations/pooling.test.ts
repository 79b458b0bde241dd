import { backend_util } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, padding, pair, triple } from "../testing/arbitraries.js";
import {
  type Call,
  expectSameAsCpu,
  isInGraph,
  numbers,
  runOnOnnx,
  startBackends,
  wholeNumbers,
} from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const x = { shape: [1, 3, 3, 1], values: Float32Array.of(1, 2, 3, 6, 5, 4, 7, 8, 9) };
const twoByTwo = { filterSize: 2, strides: 1, pad: "valid" };

test("the largest and the mean of each window", () => {
  const [largest, mean] = runOnOnnx(
    { kernel: "MaxPool", inputs: { x }, attributes: twoByTwo },
    { kernel: "AvgPool", inputs: { x }, attributes: twoByTwo },
  );
  expect(Array.from(largest!.values)).toEqual([6, 5, 8, 9]);
  expect(Array.from(mean!.values)).toEqual([3.5, 3.5, 6.5, 6.5]);
});

test("a gradient goes to the first of equal elements, and adds up over windows", () => {
  const input = { shape: [1, 1, 4, 1], values: Float32Array.of(1, 7, 7, 2) };
  const dy = { shape: [1, 1, 3, 1], values: Float32Array.of(10, 100, 1000) };
  const attributes = { filterSize: [1, 2], strides: 1, pad: "valid" };
  const [dx] = runOnOnnx({ kernel: "MaxPoolGrad", inputs: { dy, input, output: dy }, attributes });
  expect(Array.from(dx!.values)).toEqual([0, 110, 1000, 0]);
});

test("pools in two dimensions and their gradients are the CPU backend's", () => {
  const drawn = fc.record({
    batch: length(3),
    size: pair(9),
    channels: length(4),
    filterSize: pair(4),
    strides: pair(4),
    pad: padding,
    includeBatchInIndex: fc.boolean(),
  });
  fc.assert(
    fc.property(drawn, ({ batch, size, channels, filterSize, strides, pad, includeBatchInIndex }) => {
      const shape = [batch, ...size, channels] as [number, number, number, number];
      const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
      fc.pre(info.outHeight > 0 && info.outWidth > 0);
      const [input, dy] = [numbers(shape, 1), numbers(info.outShape, 2)];
      const attributes = { filterSize, strides, pad };
      const calls: Call[] = ["MaxPool", "AvgPool"].map((kernel) => ({ kernel, inputs: { x: input }, attributes }));
      calls.push(
        { kernel: "MaxPoolGrad", inputs: { dy, input, output: dy }, attributes },
        { kernel: "AvgPoolGrad", inputs: { dy, input }, attributes },
      );
      if (typeof pad === "string") {
        calls.push({
          kernel: "MaxPoolWithArgmax",
          inputs: { x: input },
          attributes: { ...attributes, includeBatchInIndex },
        });
      }
      expectSameAsCpu(calls);
    }),
    { numRuns: 120 },
  );
});

test("pools in three dimensions and their gradients are the CPU backend's", () => {
  const drawn = fc.record({
    size: triple(6),
    channels: length(3),
    // The CPU backend mistakes the place of the largest in windows that are not cubes.
    filterSize: length(3),
    strides: triple(3),
    pad: fc.constantFrom("same" as const, "valid" as const),
  });
  fc.assert(
    fc.property(drawn, ({ size, channels, filterSize, strides, pad }) => {
      const shape = [2, ...size, channels] as [number, number, number, number, number];
      const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad);
      fc.pre(Math.min(info.outDepth, info.outHeight, info.outWidth) > 0);
      const [input, dy] = [numbers(shape, 1), numbers(info.outShape, 2)];
      const attributes = { filterSize, strides, pad };
      expectSameAsCpu([
        { kernel: "MaxPool3D", inputs: { x: input }, attributes },
        { kernel: "AvgPool3D", inputs: { x: input }, attributes },
        { kernel: "MaxPool3DGrad", inputs: { dy, input, output: dy }, attributes },
        { kernel: "AvgPool3DGrad", inputs: { dy, input }, attributes },
      ]);
    }),
    { numRuns: 40 },
  );
});

test("whole numbers, and windows in the padding, lead out of the graph", () => {
  const call = (input: Call["inputs"][string], attributes: object): Call => ({
    kernel: "MaxPool",
    inputs: { x: input },
    attributes,
  });
  expect(isInGraph(call(x, twoByTwo))).toBe(true);
  expect(isInGraph(call(wholeNumbers([1, 3, 3, 1]), twoByTwo))).toBe(false);
  expect(isInGraph(call(x, { ...twoByTwo, filterSize: 1, pad: 1 }))).toBe(false);
});
