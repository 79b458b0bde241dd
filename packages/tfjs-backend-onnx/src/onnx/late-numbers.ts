/** Slices and paddings whose numbers are known when the graph runs, while the shape of the result is known before. */
import type { GraphBuilder } from "./graph-builder.js";
import type { Value } from "./value.js";

/** One of the numbers of a call, []. */
export function numberAt(graph: GraphBuilder, numbers: Value, i: number): Value {
  return graph.reshape(graph.slice(numbers, [i], [1]), []);
}

interface Part {
  readonly axes: readonly number[];
  readonly size: readonly number[];
  readonly strides?: readonly number[];
}

/** Takes elements of some axes from these places (int32) on, each or one of so many; the result has the shape `size`. */
export function sliceFrom(graph: GraphBuilder, x: Value, begin: Value, { axes, size, strides }: Part): Value {
  if (x.uniform !== undefined) return graph.uniform(x.uniform, size, x.type);
  const numbers = (values: readonly number[]) => graph.constant(values, [axes.length], "int32");
  const lengths = axes.map((axis) => (strides ? (size[axis]! - 1) * strides[axis]! + 1 : size[axis]!));
  const inputs = [x, begin, graph.add(begin, numbers(lengths)), numbers(axes)];
  if (strides) inputs.push(numbers(axes.map((axis) => strides[axis]!)));
  return ofShape(graph, graph.one("Slice", inputs, {}, { shape: size, type: x.type }));
}

/** Pads with a number by lengths (int32; before each axis, then after each). */
export function padBy(graph: GraphBuilder, x: Value, lengths: Value, shape: readonly number[], value: number): Value {
  const inputs = [x, graph.cast(lengths, "int64"), graph.scalar(value, x.type)];
  return ofShape(graph, graph.one("Pad", inputs, { mode: "constant" }, { shape, type: x.type }));
}

/** Tells ONNX Runtime a shape that follows from values. */
function ofShape(graph: GraphBuilder, x: Value): Value {
  return graph.one("Reshape", [x, graph.shapeConstant(x.shape)], { allowzero: 1 }, x);
}
