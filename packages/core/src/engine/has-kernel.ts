import { getBackend, getKernel } from "@tensorflow/tfjs-core";

/** Whether the current backend has an operation of this name: `onnx` has some that TensorFlow.js does not know, most of them only where it has kernels. */
export function hasKernel(name: string): boolean {
  return getKernel(name, getBackend()) !== undefined;
}
