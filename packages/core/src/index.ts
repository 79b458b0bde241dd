export { type AheadOptions, ahead } from "./data/ahead.js";
export { type CacheOptions, cached } from "./data/cached.js";
export { CorruptSampleError, type Dataset, fingerprint, sampleId } from "./data/dataset.js";
export {
  type CorruptSample,
  type LoadedBatch,
  type Loader,
  type LoaderOptions,
  type LoaderState,
  loader,
} from "./data/loader.js";
export { chooseEngine, type EngineDescription, type EngineName, type EngineOptions, type Provider } from "./engine.js";
export type { Encoder, Method, Tensors } from "./method.js";
export { isTraining, training } from "./mode.js";
export { defineModule, type Module, type ModuleParts, type Named, namedVariables } from "./module.js";
export type { Optimizer, ParameterGroup } from "./optimizer.js";
export { createRandom, type Random, type RandomState, restoreRandom } from "./random.js";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type StoredTensors,
  writeSafetensors,
} from "./safetensors/file.js";
export {
  type ElementType,
  floatsOf,
  integersOf,
  type StoredTensor,
  storeBooleans,
  storeFloats,
  storeIntegers,
} from "./safetensors/stored-tensor.js";
export { type AssignOptions, assignVariables, storeVariables } from "./safetensors/variables.js";
