import { getBackend, getKernel } from "@tensorflow/tfjs-core";

/** Whether the current backend has an operation of this name: the backend `onnx` has some that TensorFlow.js does not know. */
export function hasKernel(name: string): boolean {
  return getKernel(name, getBackend()) !== undefined;
}
