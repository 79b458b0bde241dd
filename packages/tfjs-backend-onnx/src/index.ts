export { OnnxBackend, UntraceableStepError } from "./backend.js";
export { type CompiledStep, type CompileOptions, compile } from "./compile.js";
export type { Stats } from "./stats.js";
export { bundledLibrary, type OnnxOptions, startOnnx, useOnnx } from "./use-onnx.js";
