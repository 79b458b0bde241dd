import { backend_util } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, pair } from "../testing/arbitraries.js";
import { expectSameAsCpu, numbers, runOnOnnx, startBackends } from "../testing/same-as-cpu.js";

beforeAll(startBackends);

test("the largest of element and filter together", () => {
  const x = { shape: [1, 1, 3, 1], values: Float32Array.of(1, 5, 2) };
  const filter = { shape: [1, 2, 1], values: Float32Array.of(0, 4) };
  const attributes = { strides: 1, pad: "valid", dilations: 1 };
  const [y] = runOnOnnx({ kernel: "Dilation2D", inputs: { x, filter }, attributes });
  expect(Array.from(y!.values)).toEqual([9, 6]);
});

test("dilations and their gradients are the CPU backend's", () => {
  const drawn = fc.record({
    size: pair(8),
    channels: length(4),
    taps: pair(4),
    strides: pair(3),
    dilations: pair(3),
    pad: fc.constantFrom("same" as const, "valid" as const),
  });
  fc.assert(
    fc.property(drawn, ({ size, channels, taps, strides, dilations, pad }) => {
      const shape = [2, ...size, channels] as [number, number, number, number];
      const filterShape = [...taps, channels] as [number, number, number];
      const info = backend_util.computeDilation2DInfo(shape, filterShape, strides, pad, "NHWC", dilations);
      fc.pre(info.outHeight > 0 && info.outWidth > 0);
      // A window whose elements all lie in the padding has no largest.
      fc.pre(size.every((length, axis) => length >= dilations[axis]!));
      const [x, filter, dy] = [numbers(shape, 1), numbers(filterShape, 2), numbers(info.outShape, 3)];
      const attributes = { strides, pad, dilations };
      expectSameAsCpu([
        { kernel: "Dilation2D", inputs: { x, filter }, attributes },
        { kernel: "Dilation2DBackpropInput", inputs: { x, filter, dy }, attributes },
        { kernel: "Dilation2DBackpropFilter", inputs: { x, filter, dy }, attributes },
      ]);
    }),
    { numRuns: 50 },
  );
});
