/**
 * softmax(scale · q kᵀ + mask) v and its gradient.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, eq. 1. Standard ONNX keeps the weights [B, H, T, S] in memory; the kernels do not
 * (Dao et al. 2022, https://arxiv.org/abs/2205.14135).
 */
import {
  type AttentionGradientInputs,
  attentionGradientKernel,
  attentionKernel,
  type DroppingAttention,
} from "../native/attention.js";
import { broadcastShape, sameShape } from "../onnx/shape.js";
import { multiply } from "./matmul.js";
import { type GraphBuilder, named, type Operation, operation, type TensorType, type Value } from "./operation.js";

interface Attributes extends DroppingAttention {
  absent?: readonly string[];
}

const INPUTS = ["q", "k", "v", "mask", "key"];
const GRADIENT_INPUTS = ["q", "k", "v", "result", "logarithms", "dy", "mask", "key"];

/** Below every score and far from float32's border: what is compared with it stays finite. */
const LOWEST = -1e30;

function assertHeads(q: TensorType, k: TensorType, v: TensorType, mask?: TensorType): void {
  const [batch, heads, queries, width] = q.shape;
  const keys = k.shape[2];
  const fit =
    [q, k, v].every(({ shape, type }) => shape.length === 4 && type === "float32") &&
    sameShape(k.shape, [batch!, heads!, keys!, width!]) &&
    sameShape(v.shape.slice(0, 3), [batch!, heads!, keys!]);
  if (!fit) {
    throw new Error(
      "ScaledDotProductAttention: q must be [B, H, T, D], k [B, H, S, D] and v [B, H, S, V], all float32, " +
        `got ${[q, k, v].map(({ shape, type }) => `${type} [${shape}]`).join(", ")}.`,
    );
  }
  const scores = [batch!, heads!, queries!, keys!];
  const broadcasts = (shape: readonly number[]) =>
    shape.length <= 4 && sameShape(broadcastShape(shape, scores), scores);
  if (mask && !(mask.type === "float32" && broadcasts(mask.shape))) {
    throw new Error(
      `ScaledDotProductAttention: the mask must be float32 and broadcast to [${scores}], got ${mask.type} [${mask.shape}].`,
    );
  }
}

interface Scores {
  readonly q: Value;
  readonly k: Value;
  readonly mask?: Value;
}

/** [B, H, T, S]; equal calls are one node. */
function scoresOf(graph: GraphBuilder, { q, k, mask }: Scores, { scale, causal }: Attributes): Value {
  const scaled = graph.mul(q, graph.scalar(scale, "float32")); // before the product: T × D numbers instead of T × S
  const product = multiply(graph, scaled, k, { transposeA: false, transposeB: true });
  const scores = mask ? graph.add(product, mask) : product;
  if (!causal) return scores;
  const square = scores.shape.slice(-2);
  const ones = graph.uniform(1, square, "float32");
  const seen = graph.cast(graph.one("Trilu", [ones], { upper: 0 }, ones), "bool"); // [T, S]
  return graph.where(seen, scores, graph.scalar(Number.NEGATIVE_INFINITY, "float32"));
}

interface Softmax {
  /** [B, H, T, S]; a query that sees nothing has only zeros. */
  readonly weights: Value;
  /** log Σ exp(score), [B, H, T]. */
  readonly logarithms: Value;
}

function softmaxOf(graph: GraphBuilder, inputs: Scores, attributes: Attributes): Softmax {
  const scores = scoresOf(graph, inputs, attributes);
  const largest = graph.reduce("ReduceMax", scores, [3], true);
  const base = inputs.mask ? graph.binary("Max", largest, graph.scalar(LOWEST, "float32")) : largest; // −∞ − −∞ is no number
  const exponentials = graph.unary("Exp", graph.sub(scores, base));
  const sums = graph.reduce("ReduceSum", exponentials, [3], true); // at least 1 but where nothing is seen
  const weights = inputs.mask
    ? graph.div(exponentials, graph.binary("Max", sums, graph.scalar(1e-30, "float32")))
    : graph.one("Softmax", [scores], { axis: -1 }, scores);
  return { weights, logarithms: graph.reshape(graph.add(base, graph.unary("Log", sums)), scores.shape.slice(0, 3)) };
}

/** At q, k, v and, where there is one, the mask. A gradient that nobody wants is never computed. */
function gradients(graph: GraphBuilder, inputs: AttentionGradientInputs, attributes: Attributes): Value[] {
  const { q, k, v, result, dy, mask } = inputs;
  const { weights } = softmaxOf(graph, { q, k, mask }, attributes);
  const product = (a: Value, b: Value, transposeA: boolean, transposeB: boolean) =>
    multiply(graph, a, b, { transposeA, transposeB });
  const shift = graph.reduce("ReduceSum", graph.mul(dy, result), [3], true); // [B, H, T, 1]
  const ofScores = graph.mul(weights, graph.sub(product(dy, v, false, true), shift)); // [B, H, T, S]
  const scale = graph.scalar(attributes.scale, "float32");
  return [
    graph.mul(product(ofScores, k, false, false), scale),
    product(ofScores, graph.mul(q, scale), true, false),
    product(weights, dy, true, false),
    ...(mask ? [summedTo(graph, ofScores, mask.shape)] : []),
  ];
}

/** The sum over the axes on which `shape` broadcasts. */
function summedTo(graph: GraphBuilder, x: Value, shape: readonly number[]): Value {
  const missing = x.shape.length - shape.length;
  const axes = x.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < missing || shape[axis - missing] !== x.shape[axis]);
  return graph.reshape(graph.reduce("ReduceSum", x, axes, false), shape);
}

const isEmpty = (values: readonly (Value | undefined)[]) => values.some((value) => value?.shape.includes(0));

export const attention: readonly Operation[] = [
  operation<Attributes>({
    kernel: "ScaledDotProductAttention",
    inputs: INPUTS,
    several: true,
    infer: (inputs, attributes) => {
      const { q, k, v, mask } = named(INPUTS, inputs, attributes) as Record<string, TensorType>;
      assertHeads(q!, k!, v!, mask);
      return [
        { shape: [...q!.shape.slice(0, 3), v!.shape[3]!], type: "float32" },
        { shape: q!.shape.slice(0, 3), type: "float32" },
      ];
    },
    lower: (graph, inputs, attributes) => {
      const { q, k, v, mask, key } = named(INPUTS, inputs, attributes) as Record<string, Value>;
      if (graph.kernels && !isEmpty(inputs))
        return attentionKernel(graph, { q: q!, k: k!, v: v!, mask, key }, attributes);
      const { weights, logarithms } = softmaxOf(graph, { q: q!, k: k!, mask }, attributes);
      return [multiply(graph, weights, v!, { transposeA: false, transposeB: false }), logarithms];
    },
  }),
  operation<Attributes>({
    kernel: "ScaledDotProductAttentionGrad",
    inputs: GRADIENT_INPUTS,
    several: true,
    infer: (inputs, attributes) => {
      const { q, k, v, mask } = named(GRADIENT_INPUTS, inputs, attributes) as Record<string, TensorType>;
      return [q!, k!, v!, ...(mask ? [mask] : [])];
    },
    lower: (graph, inputs, attributes) => {
      const given = named(GRADIENT_INPUTS, inputs, attributes) as unknown as AttentionGradientInputs;
      const plain = gradients(graph, given, attributes);
      if (!graph.kernels || isEmpty(inputs)) return plain;
      return [...attentionGradientKernel(graph, given, attributes), ...plain.slice(3)];
    },
  }),
];
