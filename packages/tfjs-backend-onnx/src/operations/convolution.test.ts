import { backend_util } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, padding, pair, triple } from "../testing/arbitraries.js";
import { type Call, expectSameAsCpu, isInGraph, numbers, runOnOnnx, startBackends } from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const square = { strides: 1, pad: "valid", dataFormat: "NHWC", dilations: 1 };

test("every result is the sum of its window", () => {
  const x = { shape: [1, 3, 3, 1], values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
  const filter = { shape: [2, 2, 1, 1], values: Float32Array.of(1, 1, 1, 1) };
  const [y] = runOnOnnx({ kernel: "Conv2D", inputs: { x, filter }, attributes: square });
  expect([...Array.from(y!.values)]).toEqual([12, 16, 24, 28]);
});

test("convolutions in two dimensions and their gradients are the CPU backend's", () => {
  const drawn = fc.record({
    batch: length(3),
    size: pair(9),
    channels: length(4),
    outputs: length(4),
    taps: pair(4),
    strides: pair(3),
    dilation: length(3),
    pad: padding,
    isNchw: fc.boolean(),
  });
  fc.assert(
    fc.property(drawn, ({ batch, size, channels, outputs, taps, strides, dilation, pad, isNchw }) => {
      const nhwc = [batch, ...size, channels] as [number, number, number, number];
      const dilations = Math.max(...strides) > 1 ? 1 : dilation;
      const filterShape = [...taps, channels, outputs] as [number, number, number, number];
      const info = backend_util.computeConv2DInfo(nhwc, filterShape, strides, dilations, pad);
      fc.pre(info.outHeight > 0 && info.outWidth > 0);
      const layout = (list: readonly unknown[]) => (isNchw ? [list[0], list[3], list[1], list[2]] : list) as number[];
      const attributes = {
        strides,
        dilations,
        pad: typeof pad === "object" ? layout(pad) : pad,
        dataFormat: isNchw ? "NCHW" : "NHWC",
      };
      const [x, filter, dy] = [numbers(layout(nhwc), 1), numbers(filterShape, 2), numbers(layout(info.outShape), 3)];
      const calls: Call[] = [{ kernel: "Conv2D", inputs: { x, filter }, attributes }];
      if (dilations === 1) {
        const [inputShape, { shape }] = [x.shape, filter];
        calls.push(
          { kernel: "Conv2DBackpropInput", inputs: { dy, filter }, attributes: { ...attributes, inputShape } },
          { kernel: "Conv2DBackpropFilter", inputs: { x, dy }, attributes: { ...attributes, filterShape: shape } },
        );
      }
      expectSameAsCpu(calls);
    }),
    { numRuns: 150 },
  );
});

test("convolutions in three dimensions and their gradients are the CPU backend's", () => {
  const drawn = fc.record({
    size: triple(5),
    channels: length(3),
    outputs: length(3),
    taps: triple(3),
    strides: triple(2),
    pad: fc.constantFrom("same" as const, "valid" as const),
  });
  fc.assert(
    fc.property(drawn, ({ size, channels, outputs, taps, strides, pad }) => {
      const inputShape = [2, ...size, channels] as [number, number, number, number, number];
      const filterShape = [...taps, channels, outputs] as [number, number, number, number, number];
      const info = backend_util.computeConv3DInfo(inputShape, filterShape, strides, 1, pad);
      fc.pre(Math.min(info.outDepth, info.outHeight, info.outWidth) > 0);
      const [x, filter, dy] = [numbers(inputShape, 1), numbers(filterShape, 2), numbers(info.outShape, 3)];
      const attributes = { strides, pad, dataFormat: "NDHWC", dilations: 1 };
      expectSameAsCpu([
        { kernel: "Conv3D", inputs: { x, filter }, attributes },
        { kernel: "Conv3DBackpropInputV2", inputs: { dy, filter }, attributes: { ...attributes, inputShape } },
        { kernel: "Conv3DBackpropFilterV2", inputs: { x, dy }, attributes: { ...attributes, filterShape } },
      ]);
    }),
    { numRuns: 40 },
  );
});

test.each(["NHWC", "NCHW"])("bias and activation go along the channels of %s", (dataFormat) => {
  const x = numbers(dataFormat === "NHWC" ? [2, 4, 4, 3] : [2, 3, 4, 4]);
  const filter = numbers([3, 3, 3, 5], 2);
  for (const activation of ["linear", "relu", "relu6", "elu", "leakyrelu", "prelu"]) {
    const preluActivationWeights = activation === "prelu" ? numbers([5], 4) : undefined;
    const attributes = { strides: 1, pad: "same", dataFormat, dilations: 1, activation, leakyreluAlpha: 0.2 };
    for (const bias of [undefined, numbers([5], 3), numbers([1], 3)]) {
      expectSameAsCpu([{ kernel: "FusedConv2D", inputs: { x, filter, bias, preluActivationWeights }, attributes }]);
    }
  }
});

test("only places that TensorFlow.js leaves out lead out of the graph", () => {
  const inputs = { x: numbers([1, 5, 1, 1]), filter: numbers([2, 1, 1, 1], 2) };
  expect(isInGraph({ kernel: "Conv2D", inputs, attributes: square })).toBe(true);
  // Numeric padding: the width is counted with the filter's height and the first stride.
  expect(isInGraph({ kernel: "Conv2D", inputs, attributes: { ...square, pad: 1, strides: [2, 1] } })).toBe(false);
});
