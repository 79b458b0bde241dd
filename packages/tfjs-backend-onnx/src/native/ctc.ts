/** Connectionist temporal classification by the kernel `CtcLoss`: the loss of each utterance and its gradient in one pass. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { Value } from "../onnx/value.js";
import { kernelNode } from "./kernel-node.js";

/** logits, labels, lengths, frames → losses [N] and gradients at the logits [N, F, V]. */
export function ctcLossKernel(graph: GraphBuilder, inputs: readonly Value[]): Value[] {
  const { shape, type } = inputs[0]!;
  return kernelNode(graph, "CtcLoss", inputs, {}, [
    { shape: [shape[0]!], type },
    { shape, type },
  ]);
}
