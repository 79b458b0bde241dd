/**
 * The loss of connectionist temporal classification, utterance by utterance, with its gradient: the recursion over frames is one node.
 */
import { ctcLossKernel } from "../native/ctc.js";
import { sizeOf } from "../onnx/shape.js";
import { type Operation, operation, type TensorType } from "./operation.js";

function assertUtterances([logits, ...others]: readonly TensorType[]): void {
  const isFitting = ({ type, shape }: TensorType, rank: number) =>
    type === "int32" && shape.length === rank && shape[0] === logits!.shape[0];
  const [labels, lengths, frames] = others as [TensorType, TensorType, TensorType];
  const isSound = isFitting(labels, 2) && isFitting(lengths, 1) && isFitting(frames, 1);
  if (!isSound || logits!.type !== "float32" || logits!.shape.length !== 3) {
    const got = [logits!, ...others].map(({ type, shape }) => `${type} [${shape}]`).join(", ");
    throw new Error(
      `CtcLoss: logits must be float32 [N, F, V], labels int32 [N, L], lengths and frames int32 [N], got ${got}.`,
    );
  }
}

export const ctc: readonly Operation[] = [
  operation({
    kernel: "CtcLoss",
    inputs: ["logits", "labels", "lengths", "frames"],
    needsKernels: true,
    several: true,
    infer: (inputs) => {
      assertUtterances(inputs);
      const { shape } = inputs[0]!;
      return [
        { shape: [shape[0]!], type: "float32" },
        { shape, type: "float32" },
      ];
    },
    lower: (graph, inputs) => {
      const { shape } = inputs[0]!;
      if (sizeOf(shape) > 0) return ctcLossKernel(graph, inputs);
      return [graph.uniform(0, [shape[0]!], "float32"), graph.uniform(0, shape, "float32")];
    },
  }),
];
