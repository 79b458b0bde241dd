/** Attention by the kernels `Attention` and `AttentionGradient`, which read and write heads wherever they lie. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { TensorType, Value } from "../onnx/value.js";
import { axesByStep, contiguousSteps, inverse, plainView, type View, viewOf } from "../onnx/view.js";
import { type Dropping, describeDropping } from "./dropout.js";
import { kernelNode } from "./kernel-node.js";

export interface AttentionOptions {
  /** The products q kᵀ are multiplied by it. */
  readonly scale: number;
  /** Query i sees keys 0 … i. */
  readonly causal: boolean;
}

/** Weights are dropped where there is a key among the inputs. */
export type DroppingAttention = AttentionOptions & Partial<Dropping>;

/** q [B, H, T, D], k [B, H, S, D], v [B, H, S, V] and a mask that broadcasts to [B, H, T, S]. */
export interface AttentionInputs {
  readonly q: Value;
  readonly k: Value;
  readonly v: Value;
  readonly mask?: Value;
  /** Of what is dropped, int32 [4]. */
  readonly key?: Value;
}

/** [result [B, H, T, V], logarithms [B, H, T]]; the result lies in memory as the queries do. */
export function attentionKernel(graph: GraphBuilder, inputs: AttentionInputs, options: DroppingAttention): Value[] {
  const [q, k, v] = [inputs.q, inputs.k, inputs.v].map(readable) as [View, View, View];
  const [batch, heads, queries] = q.shape as [number, number, number];
  const result = likeView(q, v.shape.at(-1)!);
  const mask = inputs.mask && maskView(inputs.mask);
  const attributes = {
    ...extent(q, k, v, options),
    ...droppingOf(inputs, options),
    query: placeOf(q),
    key: placeOf(k),
    value: placeOf(v),
    mask: mask ? [mask.offset, ...mask.steps] : [],
    result: placeOf(result),
  };
  const sources = [q, k, v, ...(mask ? [mask] : [])].map(({ source }) => source);
  const all = [...sources, ...(inputs.key ? [inputs.key] : [])];
  const types = [result.type, { shape: [batch, heads, queries], type: "float32" } as const];
  const [written, logarithms] = kernelNode(graph, "Attention", all, attributes, types);
  return [graph.transpose(written!, inverse(result.order)), logarithms!];
}

/** What the gradient needs of the forward computation, and the gradient at the result. */
export interface AttentionGradientInputs extends AttentionInputs {
  readonly result: Value;
  readonly logarithms: Value;
  readonly dy: Value;
}

/**
 * The gradients at q, k and v. Where these are parts of one tensor that has no others (the usual joint projection), so are their
 * gradients, in the same places: going back through the split costs nothing.
 */
export function attentionGradientKernel(
  graph: GraphBuilder,
  inputs: AttentionGradientInputs,
  options: DroppingAttention,
): Value[] {
  const [q, k, v, result, gradient] = [inputs.q, inputs.k, inputs.v, inputs.result, inputs.dy].map(readable) as [
    View,
    View,
    View,
    View,
    View,
  ];
  const mask = inputs.mask && maskView(inputs.mask);
  const attributes = {
    ...extent(q, k, v, options),
    ...droppingOf(inputs, options),
    query: placeOf(q),
    key: placeOf(k),
    value: placeOf(v),
    result: placeOf(result),
    gradient: placeOf(gradient),
    mask: mask ? [mask.offset, ...mask.steps] : [],
  };
  const sources = [q, k, v, result, gradient].map(({ source }) => source);
  const { logarithms, key } = inputs;
  const all = [...sources, logarithms, ...(mask ? [mask.source] : []), ...(key ? [key] : [])];
  const node = (places: readonly { steps: readonly number[]; offset: number }[], types: readonly TensorType[]) => {
    const [query, key, value] = places.map(placeOf);
    const named = { ...attributes, query_gradient: query!, key_gradient: key!, value_gradient: value! };
    return kernelNode(graph, "AttentionGradient", all, named, types);
  };
  const joint = jointLayout(q, k, v);
  if (joint) {
    const [together] = node([q, k, v], [{ shape: joint.shape, type: "float32" }]);
    const apart = graph.transpose(together!, inverse(joint.order)); // [3, B, H, T, D]
    return [0, 1, 2].map((place) => {
      const begin = apart.shape.map((_, axis) => (axis === 0 ? place : 0));
      return graph.reshape(graph.slice(apart, begin, [1, ...q.shape]), q.shape);
    });
  }
  const places = [q, k, v].map((view) => likeView(view, view.shape.at(-1)!));
  const written = node(
    places,
    places.map(({ type }) => type),
  );
  return written.map((value, i) => graph.transpose(value, inverse(places[i]!.order)));
}

/** The kernel reads rows in one piece: a view whose last axis is not is made contiguous first. */
function readable(x: Value): View {
  const view = viewOf(x);
  return view.steps.at(-1) === 1 || view.shape.at(-1) === 1 ? view : plainView(x);
}

/** A new tensor [B, H, rows, width] whose axes lie in memory in the order of the view's, but for the last. */
function likeView({ shape, steps }: View, width: number) {
  const order = [...axesByStep(shape.slice(0, -1), steps.slice(0, -1)), shape.length - 1];
  const lengths = [...shape.slice(0, -1), width];
  const lying = order.map((axis) => lengths[axis]!);
  const step = contiguousSteps(lying);
  const places = inverse(order);
  const type: TensorType = { shape: lying, type: "float32" };
  return { type, order, offset: 0, steps: lengths.map((_, axis) => step[places[axis]!]!) };
}

/** The layout of a tensor that q, k and v together fill: lengths as they lie, and the order of [3, B, H, T, D] in it. */
function jointLayout(q: View, k: View, v: View): { shape: number[]; order: number[] } | undefined {
  const apart = k.offset - q.offset;
  const sameSteps = [k, v].every(({ source, shape, steps }) => {
    return source === q.source && shape.every((n, i) => n === q.shape[i] && (n === 1 || steps[i] === q.steps[i]));
  });
  if (!sameSteps || q.offset !== 0 || apart <= 0 || v.offset !== 2 * apart) return undefined;
  const [shape, steps] = [
    [3, ...q.shape],
    [apart, ...q.steps],
  ];
  const order = axesByStep(shape, steps);
  const lying = order.map((axis) => shape[axis]!);
  const expected = contiguousSteps(lying);
  return order.every((axis, i) => shape[axis] === 1 || steps[axis] === expected[i])
    ? { shape: lying, order }
    : undefined;
}

/** The mask, with step 0 along axes on which it broadcasts to [B, H, T, S]. */
function maskView(mask: Value): View {
  const view = viewOf(mask);
  const missing = Array.from({ length: 4 - mask.shape.length }, () => 0);
  return { ...view, steps: [...missing, ...view.steps.map((step, axis) => (mask.shape[axis] === 1 ? 0 : step))] };
}

/** Offset, and the steps of batch, heads and rows. */
function placeOf({ offset, steps }: { offset: number; steps: readonly number[] }): number[] {
  return [offset, ...steps.slice(0, 3)];
}

function droppingOf({ key }: AttentionInputs, options: DroppingAttention) {
  return key ? describeDropping(options as Dropping) : {};
}

function extent(q: View, k: View, v: View, { scale, causal }: AttentionOptions) {
  const [batch, heads, queries, width] = q.shape as [number, number, number, number];
  return {
    batch,
    heads,
    queries,
    width,
    keys: k.shape[2]!,
    value_width: v.shape[3]!,
    scale: { float: scale },
    causal: Number(causal),
  };
}
