/**
 * The variables of a module, without a trace of the tensors they were made from.
 */
import { fill, tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import type { Random } from "../random.js";
import type { Initializer } from "./initializers.js";

/** Learned, from values drawn. Give each its own stream (`random.split("weight")`): a new layer then shifts no other's values. */
export function parameter(shape: number[], initialize: Initializer, random: Random): Variable {
  return tidy(() => variable(tensor(initialize(shape, random), shape)));
}

/** Learned, from one value everywhere: scales and shifts of norms. */
export function filledParameter(shape: number[], value: number): Variable {
  return tidy(() => variable(fill(shape, value)));
}

/** Saved but not learned. */
export function buffer(shape: number[], value: number, dtype: "float32" | "int32" = "float32"): Variable {
  return tidy(() => variable(fill(shape, value, dtype), false));
}
