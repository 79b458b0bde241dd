/**
 * A second encoder of the same architecture and weights: where a teacher starts.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Encoder } from "../method.js";
import { createRandom } from "../random.js";
import { copyInto } from "./copy-into.js";

/** Its variables are its own; their values are those of `encoder` at this moment. */
export function twin<Input extends Tensor>(encoder: Encoder<Input>): Encoder<Input> {
  if (encoder.again === undefined) {
    throw new Error(
      "twin: the encoder must say how it is built again. Give it `again: (random) => Encoder`, as the encoders of this project have.",
    );
  }
  const second = encoder.again(createRandom(0)); // its values are overwritten
  copyInto(second, encoder);
  return second;
}
