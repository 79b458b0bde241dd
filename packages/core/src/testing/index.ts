/** What tests of other packages, and of methods written elsewhere, are made of. */
export { useTestBackend } from "./backend.js";
export { type MethodSuiteOptions, methodSuite, type NamedCheck } from "./method-suite.js";
export { type OnnxGraph, type OnnxNode, type OnnxPort, type OnnxWeights, onnxFile } from "./onnx-file.js";
export { resnetGraph } from "./resnet-graph.js";
export type { Trial } from "./trial.js";
