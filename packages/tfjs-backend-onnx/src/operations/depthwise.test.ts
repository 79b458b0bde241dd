import { backend_util, depthwiseConv2d, tensor4d, tidy, transpose } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { length, padding, pair } from "../testing/arbitraries.js";
import {
  type Call,
  expectSameAsCpu,
  type Numbers,
  numbers,
  runOnOnnx,
  startBackendsWith,
} from "../testing/same-as-cpu.js";

/** (i · factor) mod modulus − less: whole numbers, so that sums are exact. */
function sequence(shape: readonly number[], factor: number, modulus: number, less: number): Numbers {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, i) => ((i * factor) % modulus) - less) };
}

/** torch.nn.functional.conv2d with groups and its gradients, of the sequences below, the images moved to [N, H, W, C]. */
const PYTORCH = [
  {
    strides: [2, 1],
    dilations: 1,
    y: {
      shape: [1, 3, 4, 4],
      values: [
        2, 16, 16, 2, -6, 6, 3, 9, -6, -12, -24, 7, 1, -9, 9, -6, -14, 2, 11, -20, 7, -15, -17, 7, 24, 9, 13, 10, 12,
        16, 8, 1, -6, -6, -18, -29, 11, -21, 14, -13, 6, 3, 11, 12, -19, 5, 6, -3,
      ],
    },
    dx: [
      0, -6, 5, 8, 3, -7, -6, -6, 10, -6, -7, -7, -12, 8, 6, -6, -1, 13, 2, -2, 5, 8, 6, -3, -6, 6, 8, -12, -7, -7, -6,
      10, -2, -8, -6, 13, 2, -2, 3, 0,
    ],
    dw: [8, -7, 9, 3, 3, 6, 4, -20, 6, -13, -10, 7, 2, 2, -21, 15, -12, 11, 15, -1, 15, 5, -15, 21],
  },
  {
    strides: 1,
    dilations: 2,
    y: {
      shape: [1, 5, 2, 4],
      values: [
        -5, -13, -13, -5, -4, 0, -15, 4, 7, 13, -13, -19, 15, -12, -12, 12, 11, 9, 0, 15, 16, -12, -13, 10, -7, 5, 2,
        16, 17, -12, 19, -14, -5, 1, -3, 18, 18, 0, 0, -10,
      ],
    },
    dx: [
      7, 4, 6, -1, -1, 6, 4, 7, 10, -9, 0, -3, -1, -3, 1, -6, -9, -6, -2, -3, 2, -3, -2, -9, -8, 7, 1, 12, 0, -3, 0, -2,
      2, 8, 4, 2, 0, -5, 6, 2,
    ],
    dw: [5, -12, -1, 6, -1, 3, -20, 16, 17, -3, 4, -8, 5, 0, 8, -6, 2, 0, 1, -7, -24, 15, 5, 0],
  },
];

describe.each([true, false])("with kernels: %s", (kernels) => {
  beforeAll(() => startBackendsWith(kernels));

  test("channels do not mix", () => {
    const x = { shape: [1, 1, 2, 2], values: Float32Array.of(1, 10, 2, 20) };
    const filter = { shape: [1, 2, 2, 1], values: Float32Array.of(1, 1, 3, 5) };
    const attributes = { strides: 1, pad: "valid", dilations: 1, dataFormat: "NHWC" };
    const [y] = runOnOnnx({ kernel: "DepthwiseConv2dNative", inputs: { x, filter }, attributes });
    expect(Array.from(y!.values)).toEqual([1 + 3 * 2, 10 + 5 * 20]);
  });

  test.each(PYTORCH)("PyTorch's numbers, stride $strides, dilation $dilations", ({ strides, dilations, y, dx, dw }) => {
    const [inputShape, filterShape] = [
      [1, 5, 4, 2],
      [2, 3, 2, 2],
    ];
    const x = sequence(inputShape, 7, 11, 5);
    const filter = sequence(filterShape, 5, 7, 3);
    const dy = sequence(y.shape, 3, 5, 2);
    const attributes = {
      strides,
      dilations,
      pad: [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      dataFormat: "NHWC",
    };
    const results = runOnOnnx(
      { kernel: "DepthwiseConv2dNative", inputs: { x, filter }, attributes },
      {
        kernel: "DepthwiseConv2dNativeBackpropInput",
        inputs: { dy, filter },
        attributes: { ...attributes, inputShape },
      },
      { kernel: "DepthwiseConv2dNativeBackpropFilter", inputs: { x, dy }, attributes: { ...attributes, filterShape } },
    );
    expect(results.map(({ values }) => Array.from(values))).toEqual([y.values, dx, dw]);
  });

  test("a filter that lies in PyTorch's order is read where it lies", () => {
    const [x, filter] = [numbers([2, 6, 6, 5], 1), numbers([10, 1, 3, 3], 2)];
    const results = [true, false].map((isCopied) =>
      tidy(() => {
        const turned = transpose(tensor4d(filter.values as Float32Array, [5, 2, 3, 3]), [2, 3, 0, 1]); // [H, W, C, M]
        const read = isCopied ? tensor4d(turned.dataSync(), [3, 3, 5, 2]) : turned;
        const y = depthwiseConv2d(tensor4d(x.values as Float32Array, [2, 6, 6, 5]), read, 1, "same");
        return Array.from(y.dataSync());
      }),
    );
    expect(results[1]).toEqual(results[0]);
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
});
