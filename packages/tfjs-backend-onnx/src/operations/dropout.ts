/**
 * Dropout whose mask is a function of a key, a call's number and the place: nothing is drawn and no mask is written. Its gradient is
 * itself, at the result's gradient.
 */
import { type Dropping, dropoutKernel } from "../native/dropout.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { type Operation, operation, type TensorType } from "./operation.js";

function assertKey(x: TensorType, key: TensorType): void {
  if (x.type === "float32" && sizeOf(x.shape) > 0 && key.type === "int32" && sameShape(key.shape, [4])) return;
  throw new Error(
    "Dropout: x must be float32 and not empty and the key int32 [4], " +
      `got ${[x, key].map(({ shape, type }) => `${type} [${shape}]`).join(" and ")}.`,
  );
}

export const dropout: readonly Operation[] = [
  operation<Dropping>({
    kernel: "Dropout",
    inputs: ["x", "key"],
    needsKernels: true,
    infer: ([x, key]) => {
      assertKey(x!, key!);
      return x!;
    },
    lower: (graph, [x, key], attributes) => dropoutKernel(graph, x!, key!, attributes),
  }),
];
