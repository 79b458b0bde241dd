/**
 * Softmax cross-entropy of whole-number labels, row by row, and its gradient: as many labels as a vocabulary has, without a matrix of
 * targets.
 */
import {
  type CrossEntropyAttributes as Attributes,
  crossEntropyGradientKernel,
  crossEntropyKernel,
} from "../native/cross-entropy.js";
import { sizeOf } from "../onnx/shape.js";
import { type Operation, operation, type TensorType } from "./operation.js";

function assertRows(logits: TensorType, labels: TensorType): void {
  const isMatrix = logits.shape.length === 2 && logits.type === "float32";
  if (!isMatrix || labels.type !== "int32" || labels.shape.length !== 1 || labels.shape[0] !== logits.shape[0]) {
    throw new Error(
      "SparseSoftmaxCrossEntropy: logits must be float32 [N, C] and labels int32 [N], " +
        `got ${logits.type} [${logits.shape}] and ${labels.type} [${labels.shape}].`,
    );
  }
}

export const crossEntropy: readonly Operation[] = [
  operation<Attributes>({
    kernel: "SparseSoftmaxCrossEntropy",
    inputs: ["logits", "labels"],
    needsKernels: true,
    several: true,
    infer: ([logits, labels]) => {
      assertRows(logits!, labels!);
      const row = { shape: [logits!.shape[0]!], type: "float32" } as const;
      return [row, row];
    },
    lower: (graph, [logits, labels], attributes) => {
      if (sizeOf(logits!.shape) === 0) {
        const empty = graph.uniform(0, [logits!.shape[0]!], "float32");
        return [empty, empty];
      }
      return crossEntropyKernel(graph, logits!, labels!, attributes);
    },
  }),
  operation<Attributes>({
    kernel: "SparseSoftmaxCrossEntropyGrad",
    inputs: ["logits", "labels", "logarithms", "dy"],
    needsKernels: true,
    infer: ([logits]) => logits!,
    lower: (graph, inputs, attributes) => {
      if (sizeOf(inputs[0]!.shape) === 0) return graph.uniform(0, inputs[0]!.shape, "float32");
      return crossEntropyGradientKernel(graph, inputs, attributes);
    },
  }),
];
