/** Sums of products whose axes are named by letters: "ij,jk->ik". */
import { backend_util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../onnx/shape.js";
import { type Operation, operation, type TensorType } from "./operation.js";

function resultOf(tensors: readonly TensorType[], equation: string): TensorType {
  const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as never);
  const [terms, result] = equation.replace(/\s/g, "").split("->") as [string, string];
  const lengths = new Map<string, number>();
  terms.split(",").forEach((letters, i) => {
    for (const [axis, letter] of [...letters].entries()) lengths.set(letter, tensors[i]!.shape[axis]!);
  });
  return { shape: [...result].map((letter) => lengths.get(letter)!), type: tensors[0]!.type };
}

export const einsum: readonly Operation[] = [
  operation<{ equation: string }>({
    kernel: "Einsum",
    inputs: "list",
    infer: (tensors, { equation }) => resultOf(tensors, equation),
    lower: (graph, tensors, { equation }) => {
      if (tensors.some(({ shape }) => sizeOf(shape) === 0)) {
        const { shape, type } = resultOf(tensors, equation);
        return graph.uniform(0, shape, type);
      }
      const operands = tensors.map((tensor) => graph.cast(tensor, tensors[0]!.type));
      return graph.one("Einsum", operands, { equation }, resultOf(tensors, equation));
    },
  }),
];
