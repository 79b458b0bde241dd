import { ones, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { type Conv2dOptions, conv2d } from "./conv2d.js";
import { kaimingNormalFanOut } from "./initializers.js";

beforeAll(useTestBackend);

type Options = Omit<Conv2dOptions, "random"> & { channels: [number, number] };

test("by hand: stride 2 pads both sides, so the first window of ones begins outside the image", () => {
  const layer = conv2d(1, 1, { kernelSize: 3, stride: 2, padding: 1, bias: false, random: createRandom(0) });
  layer.parameters.weight!.assign(ones([1, 1, 3, 3]));
  const counts = layer(ones([1, 4, 4, 1])) as Tensor4D; // how many pixels each window sees
  expect([...counts.dataSync()]).toEqual([4, 6, 6, 9]); // TensorFlow's "same" would give [9, 6, 6, 4]
});

onEachEngine(() => {
  for (const expected of readOracle<ModuleCase<Options>>("conv2d")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const { channels, ...options } = expected.options;
      expectAsPyTorch(conv2d(...channels, { ...options, random: createRandom(0) }), expected);
    });
  }
});

test("starts as torchvision's ResNets when told: N(0, 2 / fanOut)", () => {
  const options = { kernelSize: 3, random: createRandom(3), initialize: kaimingNormalFanOut };
  const values = [...conv2d(32, 64, options).parameters.weight!.dataSync()];
  const deviation = Math.sqrt(values.reduce((total, v) => total + v * v, 0) / values.length);
  expect(deviation).toBeCloseTo(Math.sqrt(2 / (64 * 9)), 3); // 0.0589; by fanIn it would be 0.083
});

test("starts as PyTorch's otherwise: ±1/√fanIn, weight and bias", () => {
  const { weight, bias } = conv2d(8, 64, { kernelSize: 5, groups: 2, random: createRandom(3) }).parameters;
  for (const values of [weight!.dataSync(), bias!.dataSync()]) {
    expect(Math.max(...values)).toBeLessThanOrEqual(0.1); // fanIn = 4 · 25
    expect(Math.max(...values)).toBeGreaterThan(0.09);
  }
});

test("what cannot be is refused", () => {
  const random = createRandom(0);
  expect(() => conv2d(3, 4, { kernelSize: 3, groups: 2, random })).toThrow("groups must divide");
  expect(() => conv2d(3, 4, { kernelSize: 3, stride: 2, dilation: 2, random })).toThrow("cannot both be above 1");
  const layer = conv2d(3, 4, { kernelSize: 3, random });
  expect(() => layer(tensor4d([1, 2], [1, 1, 1, 2]))).toThrow(
    "conv2d: the input must be [N, H, W, 3], got shape [1,1,1,2]",
  );
});
