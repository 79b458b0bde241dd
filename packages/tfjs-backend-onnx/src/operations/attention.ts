/**
 * softmax(scale · q kᵀ + mask) v and its gradients at q, k and v, without the weights [B, H, T, S] in memory.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, eq. 1; Dao et al. 2022, https://arxiv.org/abs/2205.14135.
 */
import {
  type AttentionGradientInputs,
  attentionGradientKernel,
  attentionKernel,
  type DroppingAttention,
} from "../native/attention.js";
import { broadcastShape, sameShape, sizeOf } from "../onnx/shape.js";
import { named, type Operation, operation, type TensorType, type Value } from "./operation.js";

interface Attributes extends DroppingAttention {
  absent?: readonly string[];
}

const INPUTS = ["q", "k", "v", "mask", "key"];
const GRADIENT_INPUTS = ["q", "k", "v", "result", "logarithms", "dy", "mask", "key"];

function assertHeads(q: TensorType, k: TensorType, v: TensorType, mask?: TensorType): void {
  const [batch, heads, queries, width] = q.shape;
  const keys = k.shape[2];
  const fit =
    [q, k, v].every(({ shape, type }) => shape.length === 4 && sizeOf(shape) > 0 && type === "float32") &&
    sameShape(k.shape, [batch!, heads!, keys!, width!]) &&
    sameShape(v.shape.slice(0, 3), [batch!, heads!, keys!]);
  if (!fit) {
    throw new Error(
      "ScaledDotProductAttention: q must be [B, H, T, D], k [B, H, S, D] and v [B, H, S, V], all float32 and none empty, " +
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

export const attention: readonly Operation[] = [
  operation<Attributes>({
    kernel: "ScaledDotProductAttention",
    inputs: INPUTS,
    needsKernels: true,
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
      return attentionKernel(graph, { q: q!, k: k!, v: v!, mask, key }, attributes);
    },
  }),
  operation<Attributes>({
    kernel: "ScaledDotProductAttentionGrad",
    inputs: GRADIENT_INPUTS,
    needsKernels: true,
    several: true,
    infer: ([q, k, v]) => [q!, k!, v!],
    lower: (graph, inputs, attributes) => {
      const given = named(GRADIENT_INPUTS, inputs, attributes) as unknown as AttentionGradientInputs;
      return attentionGradientKernel(graph, given, attributes);
    },
  }),
];
