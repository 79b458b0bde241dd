/** Softmax cross-entropy by the kernels `CrossEntropy` and `CrossEntropyGradient`: one pass over the logits each. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { Value } from "../onnx/value.js";
import { kernelNode } from "./kernel-node.js";

export interface CrossEntropyAttributes {
  readonly labelSmoothing: number;
  /** Rows with this label have loss 0. */
  readonly ignoredLabel: number;
}

const attributesOf = ({ labelSmoothing, ignoredLabel }: CrossEntropyAttributes) => ({
  smoothing: { float: labelSmoothing },
  ignored: ignoredLabel,
});

/** Losses and log Σ exp, [N] each. */
export function crossEntropyKernel(
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  attributes: CrossEntropyAttributes,
): Value[] {
  const row = { shape: [logits.shape[0]!], type: "float32" } as const;
  return kernelNode(graph, "CrossEntropy", [logits, labels], attributesOf(attributes), [row, row]);
}

/** logits, labels, log Σ exp, gradients at the losses → gradients at the logits. */
export function crossEntropyGradientKernel(
  graph: GraphBuilder,
  inputs: readonly Value[],
  attributes: CrossEntropyAttributes,
): Value {
  const { shape, type } = inputs[0]!;
  return kernelNode(graph, "CrossEntropyGradient", inputs, attributesOf(attributes), [{ shape, type }])[0]!;
}
