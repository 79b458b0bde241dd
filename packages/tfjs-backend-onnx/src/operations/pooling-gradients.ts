/** Gradients of pools, which ONNX has no operators for. */
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";
import { isUnsupported, largest, type Pooling, pool } from "./pooling.js";
import { combineAlong } from "./resampling.js";
import { channelsFirst, channelsLast, inputShape, type Windows } from "./windows.js";

/** Every place gives its gradient to the element it took. */
function maxGradient(graph: GraphBuilder, dy: Value, x: Value, windows: Windows): Value {
  const { batch, input, inChannels } = windows;
  const [, positions] = largest(graph, x, windows);
  const gradient = channelsFirst(graph, dy, windows);
  const size = sizeOf(inputShape(windows));
  const zeros = graph.uniform(0, [size], "float32");
  const inputs = [zeros, graph.reshape(positions, [sizeOf(dy.shape)]), graph.reshape(gradient, [sizeOf(dy.shape)])];
  const scattered = graph.one(
    "ScatterElements",
    inputs,
    { axis: 0, reduction: "add" },
    { shape: [size], type: "float32" },
  );
  return channelsLast(graph, graph.reshape(scattered, [batch, inChannels, ...input]));
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
    unsupported: ([, x], attributes) => isUnsupported(x!, attributes),
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
