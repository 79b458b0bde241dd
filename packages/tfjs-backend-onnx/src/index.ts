export { OnnxBackend } from "./backend.js";
export type { Stats } from "./stats.js";
export { bundledLibrary, type OnnxOptions, startOnnx, useOnnx } from "./use-onnx.js";
