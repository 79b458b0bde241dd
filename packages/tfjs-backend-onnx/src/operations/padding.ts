/** Padding with a number or with the mirrored tensor. */
import { util } from "@tensorflow/tfjs-core";
import { padBy } from "../onnx/late-numbers.js";
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";

export type Paddings = readonly (readonly [number, number])[];

export function paddedShape(x: TensorType, paddings: Paddings): number[] {
  const shape = x.shape.map((length, axis) => paddings[axis]![0] + length + paddings[axis]![1]);
  util.assertNonNegativeIntegerDimensions(shape);
  return shape;
}

export function pad(
  graph: GraphBuilder,
  x: Value,
  paddings: Paddings,
  mode: "constant" | "reflect" = "constant",
  value = 0,
): Value {
  const before = paddings.map(([length]) => length);
  const after = paddings.map(([, length]) => length);
  return graph.pad(x, before, after, mode, value);
}

/** The edge is repeated too, which ONNX's Pad cannot do: each axis is gathered. */
function padSymmetric(graph: GraphBuilder, x: Value, paddings: Paddings): Value {
  return paddings.reduce((padded, [before, after], axis) => {
    if (before + after === 0) return padded;
    const length = x.shape[axis]!;
    const places = Array.from({ length: before + length + after }, (_, i) => i - before);
    const mirrored = places.map((i) => (i < 0 ? -1 - i : i < length ? i : 2 * length - 1 - i));
    return graph.gather(padded, graph.constant(mirrored, [mirrored.length], "int32"), axis);
  }, x);
}

export const padding: readonly Operation[] = [
  operation<{ paddings: Paddings; constantValue: number }>({
    kernel: "PadV2",
    inputs: ["x"],
    infer: ([x], { paddings }) => ({ shape: paddedShape(x!, paddings), type: x!.type }),
    changing: {
      take: ([x], { paddings, constantValue }) => {
        if (sizeOf(x!.shape) === 0) return undefined;
        const numbers = [0, 1].flatMap((end) => paddings.map((lengths) => lengths[end as 0 | 1]));
        return { numbers, type: "int32", others: { constantValue, shape: paddedShape(x!, paddings) } };
      },
      give: (numbers, { constantValue, shape }) => {
        const rank = (shape as number[]).length;
        const paddings = Array.from({ length: rank }, (_, axis) => [numbers[axis]!, numbers[rank + axis]!] as const);
        return { paddings, constantValue: constantValue as number };
      },
      lower: (graph, [x], numbers, { constantValue, shape }) =>
        padBy(graph, x!, numbers, shape as number[], constantValue as number),
    },
    lower: (graph, [x], { paddings, constantValue }) => {
      if (sizeOf(x!.shape) === 0) return graph.uniform(constantValue, paddedShape(x!, paddings), x!.type);
      return pad(graph, x!, paddings, "constant", constantValue);
    },
  }),
  operation<{ paddings: Paddings; mode: "reflect" | "symmetric" }>({
    kernel: "MirrorPad",
    inputs: ["x"],
    infer: ([x], { paddings }) => ({ shape: paddedShape(x!, paddings), type: x!.type }),
    lower: (graph, [x], { paddings, mode }) =>
      mode === "symmetric" ? padSymmetric(graph, x!, paddings) : pad(graph, x!, paddings, "reflect"),
  }),
];
