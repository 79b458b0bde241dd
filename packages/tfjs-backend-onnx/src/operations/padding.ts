/** Padding with a number or with the mirrored tensor. */
import { util } from "@tensorflow/tfjs-core";
import { numberAt, padBy } from "../onnx/late-numbers.js";
import { sizeOf } from "../onnx/shape.js";
import {
  type Changing,
  type GraphBuilder,
  type Operation,
  operation,
  type TensorType,
  type Value,
} from "./operation.js";

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

interface MirrorPadding {
  paddings: Paddings;
  mode: "reflect" | "symmetric";
}

/** The lengths before each axis, then those after each. */
const lengthsOf = (paddings: Paddings): number[] =>
  [0, 1].flatMap((end) => paddings.map((lengths) => lengths[end as 0 | 1]));

function paddingsOf(lengths: ArrayLike<number>): Paddings {
  const rank = lengths.length / 2;
  return Array.from({ length: rank }, (_, axis) => [lengths[axis]!, lengths[rank + axis]!] as const);
}

const changingMirror: Changing<MirrorPadding> = {
  take: ([x], { paddings, mode }) => {
    if (sizeOf(x!.shape) === 0) return undefined;
    return { numbers: lengthsOf(paddings), type: "int32", others: { mode, shape: paddedShape(x!, paddings) } };
  },
  give: (numbers, { mode }) => ({ paddings: paddingsOf(numbers), mode: mode as MirrorPadding["mode"] }),
  /** Place i of an axis of n that begins at `before` shows p = i − before; −p or 2(n − 1) − p outside, one less or more where the edge is repeated. */
  lower: (graph, [x], numbers, { mode, shape }) => {
    const repeated = mode === "symmetric" ? 1 : 0;
    return x!.shape.reduce((padded, length, axis) => {
      const wanted = (shape as number[])[axis]!;
      if (wanted === length) return padded;
      const number = (value: number) => graph.scalar(value, "int32");
      const places = graph.constant([...Array(wanted).keys()], [wanted], "int32");
      const p = graph.sub(places, numberAt(graph, numbers, axis));
      const before = graph.sub(number(-repeated), p);
      const behind = graph.sub(number(2 * (length - 1) + repeated), p);
      const isBefore = graph.binary("Less", p, number(0), "bool");
      const isWithin = graph.binary("Less", p, number(length), "bool");
      return graph.gather(padded, graph.where(isBefore, before, graph.where(isWithin, p, behind)), axis);
    }, x!);
  },
};

export const padding: readonly Operation[] = [
  operation<{ paddings: Paddings; constantValue: number }>({
    kernel: "PadV2",
    inputs: ["x"],
    infer: ([x], { paddings }) => ({ shape: paddedShape(x!, paddings), type: x!.type }),
    changing: {
      take: ([x], { paddings, constantValue }) => {
        if (sizeOf(x!.shape) === 0) return undefined;
        const numbers = lengthsOf(paddings);
        return { numbers, type: "int32", others: { constantValue, shape: paddedShape(x!, paddings) } };
      },
      give: (numbers, { constantValue }) => ({
        paddings: paddingsOf(numbers),
        constantValue: constantValue as number,
      }),
      lower: (graph, [x], numbers, { constantValue, shape }) =>
        padBy(graph, x!, numbers, shape as number[], constantValue as number),
    },
    lower: (graph, [x], { paddings, constantValue }) => {
      if (sizeOf(x!.shape) === 0) return graph.uniform(constantValue, paddedShape(x!, paddings), x!.type);
      return pad(graph, x!, paddings, "constant", constantValue);
    },
  }),
  operation<MirrorPadding>({
    kernel: "MirrorPad",
    inputs: ["x"],
    infer: ([x], { paddings }) => ({ shape: paddedShape(x!, paddings), type: x!.type }),
    changing: changingMirror,
    lower: (graph, [x], { paddings, mode }) =>
      mode === "symmetric" ? padSymmetric(graph, x!, paddings) : pad(graph, x!, paddings, "reflect"),
  }),
];
