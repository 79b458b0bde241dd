export type { NoKernels } from "@autodidact/kernels";
export { OnnxBackend, UntraceableStepError } from "./backend.js";
export { type CompiledStep, type CompileOptions, compile } from "./compile.js";
export type { OnnxOptions } from "./onnx-options.js";
export { type ModelPort, type ModelTensor, type OnnxModel, type OpenModelOptions, openModel } from "./open-model.js";
export type { KernelsInUse } from "./runtime/kernels-in-use.js";
export type { Stats } from "./stats.js";
export { bundledLibrary, startOnnx, useOnnx, useOnnxSync } from "./use-onnx.js";
