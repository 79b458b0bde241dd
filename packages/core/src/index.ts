export type { Encoder, Method, Tensors } from "./method.js";
export { isTraining, training } from "./mode.js";
export { defineModule, type Module, type ModuleParts, type Named, namedVariables } from "./module.js";
export type { Optimizer, ParameterGroup } from "./optimizer.js";
export type { Random, RandomState } from "./random.js";
