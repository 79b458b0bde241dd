/** Grey-scale dilation: the largest of element + filter in each window. */
import { backend_util } from "@tensorflow/tfjs-core";
import { type Operation, operation } from "./operation.js";
import { unroll } from "./unroll.js";
import { outputShape, type Windows, windows2d } from "./windows.js";

interface Dilation {
  strides: [number, number] | number;
  pad: "valid" | "same" | number;
  dilations: [number, number] | number;
}

function dilation(x: readonly number[], filter: readonly number[], { strides, pad, dilations }: Dilation): Windows {
  return windows2d(backend_util.computeDilation2DInfo(x as never, filter as never, strides, pad, "NHWC", dilations));
}

export const dilations: readonly Operation[] = [
  operation<Dilation>({
    kernel: "Dilation2D",
    inputs: ["x", "filter"],
    infer: ([x, filter], attributes) => ({
      shape: outputShape(dilation(x!.shape, filter!.shape, attributes)),
      type: x!.type,
    }),
    lower: (graph, [x, filter], attributes) => {
      const windows = dilation(x!.shape, filter!.shape, attributes);
      const unrolled = unroll(graph, x!, windows, Number.MIN_SAFE_INTEGER); // [N · places, taps, C]
      const sums = graph.add(unrolled, graph.reshape(filter!, unrolled.shape.slice(1)));
      return graph.reshape(graph.reduce("ReduceMax", sums, [1], false), outputShape(windows));
    },
    unsupported: ([x]) => x!.type !== "float32",
  }),
];
