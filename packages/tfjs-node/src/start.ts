/**
 * The engine, begun while the module is loaded: programs call operations in the line after `require`.
 *
 * Nothing of it waits: TensorFlow.js's `setBackend` ends at once where the backend is there already.
 */
import { startOnnx } from "@autodidact/tfjs-backend-onnx";
import { getBackend, registerBackend, setBackend } from "@tensorflow/tfjs-core";

export const BACKEND = "onnx";

/** Throws where the engine cannot begin: on a platform that ONNX Runtime has no library for. */
export function start(): void {
  const backend = startOnnx();
  registerBackend(BACKEND, () => backend, 3);
  void setBackend(BACKEND);
  if (getBackend() !== BACKEND)
    throw new Error(`@autodidact/tfjs-node: the backend ${BACKEND} must be the current one, got ${getBackend()}.`);
}
