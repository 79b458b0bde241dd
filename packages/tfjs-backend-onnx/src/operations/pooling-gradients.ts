/** Gradients of pools, which ONNX has no operators for. */

import { isLargest } from "./largest-places.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";
import { type Pooling, pool } from "./pooling.js";
import { combineAlong } from "./resampling.js";
import { fold, unroll } from "./unroll.js";
import type { Windows } from "./windows.js";

/** Every place gives its gradient to the element it took. */
function maxGradient(graph: GraphBuilder, dy: Value, x: Value, windows: Windows): Value {
  const places = isLargest(graph, unroll(graph, x, windows, -Infinity)); // [N · places, taps, C]
  const perPlace = graph.reshape(dy, [places.shape[0]!, 1, windows.inChannels]);
  return fold(graph, graph.where(places, perPlace, graph.scalar(0, "float32")), windows);
}

/**
 * Every place gives each of its elements an equal share, axis by axis: a product with the matrix that tells which places
 * an element is in. The share is that of a whole window also at the edge, as in TensorFlow.js.
 */
function meanGradient(graph: GraphBuilder, dy: Value, windows: Windows): Value {
  const { input, output, filter, strides, before } = windows;
  return input.reduce((gradient, length, axis) => {
    const share = Array.from({ length: length * output[axis]! }, (_, i) => {
      const place = i % output[axis]!;
      const tap = Math.floor(i / output[axis]!) - (place * strides[axis]! - before[axis]!);
      return tap >= 0 && tap < filter[axis]! ? 1 / filter[axis]! : 0;
    });
    return combineAlong(graph, axis + 1, graph.constant(share, [length, output[axis]!], "float32"), gradient);
  }, dy);
}

const typeOf = (x: TensorType): TensorType => ({ shape: x.shape, type: "float32" });

function maxPoolGradient(kernel: string): Operation {
  return operation<Pooling>({
    kernel,
    inputs: ["dy", "input"],
    infer: ([, x]) => typeOf(x!),
    lower: (graph, [dy, x], attributes) => maxGradient(graph, dy!, x!, pool(x!, attributes)),
    unsupported: ([, x]) => x!.type !== "float32",
  });
}

function meanPoolGradient(kernel: string): Operation {
  return operation<Pooling>({
    kernel,
    inputs: ["dy", "input"],
    infer: ([, x]) => typeOf(x!),
    lower: (graph, [dy, x], attributes) => meanGradient(graph, dy!, pool(x!, attributes)),
  });
}

export const poolGradients: readonly Operation[] = [
  maxPoolGradient("MaxPoolGrad"),
  maxPoolGradient("MaxPool3DGrad"),
  meanPoolGradient("AvgPoolGrad"),
  meanPoolGradient("AvgPool3DGrad"),
];
