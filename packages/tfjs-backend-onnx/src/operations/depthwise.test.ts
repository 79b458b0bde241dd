import { backend_util } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, padding, pair } from "../testing/arbitraries.js";
import { type Call, expectSameAsCpu, numbers, runOnOnnx, startBackends } from "../testing/same-as-cpu.js";

beforeAll(startBackends);

test("channels do not mix", () => {
  const x = { shape: [1, 1, 2, 2], values: Float32Array.of(1, 10, 2, 20) };
  const filter = { shape: [1, 2, 2, 1], values: Float32Array.of(1, 1, 3, 5) };
  const attributes = { strides: 1, pad: "valid", dilations: 1, dataFormat: "NHWC" };
  const [y] = runOnOnnx({ kernel: "DepthwiseConv2dNative", inputs: { x, filter }, attributes });
  expect(Array.from(y!.values)).toEqual([1 + 3 * 2, 10 + 5 * 20]);
});

test("depthwise convolutions and their gradients are the CPU backend's", () => {
  const drawn = fc.record({
    batch: length(3),
    size: pair(8),
    channels: length(4),
    results: length(3),
    taps: pair(4),
    stride: length(3),
    dilation: length(3),
    pad: padding,
    activation: fc.constantFrom("linear", "relu", "elu"),
  });
  fc.assert(
    fc.property(drawn, ({ batch, size, channels, results, taps, stride, dilation, pad, activation }) => {
      const inputShape = [batch, ...size, channels] as [number, number, number, number];
      const filterShape = [...taps, channels, results] as [number, number, number, number];
      const dilations = stride > 1 ? 1 : dilation;
      const info = backend_util.computeConv2DInfo(inputShape, filterShape, stride, dilations, pad, undefined, true);
      fc.pre(info.outHeight > 0 && info.outWidth > 0);
      const [x, filter, dy] = [numbers(inputShape, 1), numbers(filterShape, 2), numbers(info.outShape, 3)];
      const bias = numbers([info.outChannels], 4);
      const attributes = { strides: stride, pad, dilations, dataFormat: "NHWC" };
      const calls: Call[] = [
        { kernel: "DepthwiseConv2dNative", inputs: { x, filter }, attributes },
        { kernel: "FusedDepthwiseConv2D", inputs: { x, filter, bias }, attributes: { ...attributes, activation } },
      ];
      // The CPU backend's gradients ignore dilation.
      if (dilations === 1) {
        calls.push(
          {
            kernel: "DepthwiseConv2dNativeBackpropInput",
            inputs: { dy, filter },
            attributes: { ...attributes, inputShape },
          },
          {
            kernel: "DepthwiseConv2dNativeBackpropFilter",
            inputs: { x, dy },
            attributes: { ...attributes, filterShape },
          },
        );
      }
      expectSameAsCpu(calls);
    }),
    { numRuns: 100 },
  );
});
