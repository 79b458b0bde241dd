import { type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { LIMB } from "../functions/keyed-numbers.js";
import type { Random } from "../random.js";

/** A key for `training`: four numbers below 2048, int32 [4]. Give each step one of its own, as an input. */
export function chanceKey(random: Random): Tensor1D {
  return tensor1d(
    Array.from({ length: 4 }, () => random.integer(LIMB)),
    "int32",
  );
}
