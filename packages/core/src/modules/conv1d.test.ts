import { ones, tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { type Conv1dOptions, conv1d } from "./conv1d.js";

beforeAll(useTestBackend);

type Options = Omit<Conv1dOptions, "random"> & { channels: [number, number] };

test("by hand: taps two apart see what lies two before and two behind", () => {
  const layer = conv1d(1, 1, { kernelSize: 3, padding: 2, dilation: 2, bias: false, random: createRandom(0) });
  layer.parameters.weight!.assign(tensor3d([100, 10, 1], [1, 1, 3]));
  expect([...layer(tensor3d([1, 2, 3, 4, 5], [1, 5, 1])).dataSync()]).toEqual([13, 24, 135, 240, 350]);
});

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase<Options>>("conv1d")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const { channels, ...options } = expected.options;
      expectAsPyTorch(conv1d(...channels, { ...options, random: createRandom(0) }), expected);
    });
  }
});

test("starts as PyTorch's: ±1/√fanIn, weight and bias", () => {
  const { weight, bias } = conv1d(8, 64, { kernelSize: 25, groups: 2, random: createRandom(3) }).parameters;
  for (const values of [weight!.dataSync(), bias!.dataSync()]) {
    expect(Math.max(...values)).toBeLessThanOrEqual(0.1); // fanIn = 4 · 25
    expect(Math.max(...values)).toBeGreaterThan(0.09);
  }
});

test("what cannot be is refused", () => {
  const random = createRandom(0);
  expect(() => conv1d(3, 4, { kernelSize: 3, groups: 2, random })).toThrow("groups must divide");
  expect(() => conv1d(3, 4, { kernelSize: 3, stride: 0.5, random })).toThrow("stride must be a whole number from 1");
  const layer = conv1d(3, 4, { kernelSize: 3, dilation: 2, padding: 1, random });
  expect(() => layer(ones([1, 7, 2]))).toThrow("conv1d: the input must be [N, T, 3], got shape [1,7,2]");
  expect(() => layer(ones([1, 2, 3]))).toThrow("as long as the kernel reaches, 5, got shape [1,2,3] and padding 1");
});
