/** Grey-scale dilation, the largest of element + filter in each window, and its gradients. */
import { backend_util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../onnx/shape.js";
import { isLargest } from "./largest-places.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";
import { fold, unroll } from "./unroll.js";
import { outputShape, type Windows, windows2d } from "./windows.js";

interface Dilation {
  strides: [number, number] | number;
  pad: "valid" | "same" | number;
  dilations: [number, number] | number;
}

function dilation(x: readonly number[], filter: readonly number[], { strides, pad, dilations }: Dilation): Windows {
  return windows2d(backend_util.computeDilation2DInfo(x as never, filter as never, strides, pad, "NHWC", dilations));
}

/** Element + filter for each place and tap: [N · places, taps, C]. */
function sumsOf(graph: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  const unrolled = unroll(graph, x, windows, Number.MIN_SAFE_INTEGER);
  return graph.add(unrolled, graph.reshape(filter, unrolled.shape.slice(1)));
}

/** ∂L/∂y of each place at the tap that it took, 0 at the others: [N · places, taps, C]. */
function takenGradient(graph: GraphBuilder, x: Value, filter: Value, dy: Value, windows: Windows): Value {
  const places = isLargest(graph, sumsOf(graph, x, filter, windows));
  const perPlace = graph.reshape(dy, [places.shape[0]!, 1, windows.inChannels]);
  return graph.where(places, perPlace, graph.scalar(0, "float32"));
}

const isUnsupported = ([x, filter]: readonly TensorType[]) => x!.type !== "float32" || sizeOf(filter!.shape) === 0;

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
      const largest = graph.reduce("ReduceMax", sumsOf(graph, x!, filter!, windows), [1], false);
      return graph.reshape(largest, outputShape(windows));
    },
    unsupported: isUnsupported,
  }),
  operation<Dilation>({
    kernel: "Dilation2DBackpropInput",
    inputs: ["x", "filter", "dy"],
    infer: ([x]) => x!,
    lower: (graph, [x, filter, dy], attributes) => {
      const windows = dilation(x!.shape, filter!.shape, attributes);
      return fold(graph, takenGradient(graph, x!, filter!, dy!, windows), windows);
    },
    unsupported: isUnsupported,
  }),
  operation<Dilation>({
    kernel: "Dilation2DBackpropFilter",
    inputs: ["x", "filter", "dy"],
    infer: ([, filter]) => filter!,
    lower: (graph, [x, filter, dy], attributes) => {
      const windows = dilation(x!.shape, filter!.shape, attributes);
      const sum = graph.reduce("ReduceSum", takenGradient(graph, x!, filter!, dy!, windows), [0], false);
      return graph.reshape(sum, filter!.shape);
    },
    unsupported: isUnsupported,
  }),
];
