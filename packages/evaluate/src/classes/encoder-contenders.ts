/**
 * A trained encoder and, made when it is first asked for, itself before it learned; with what a cache knows their features by.
 */
import { type Encoder, parameterCount, weightsHash } from "@autodidact/core";
import type { MadeOf } from "./contenders.js";

export interface EncoderContendersOptions<Own> {
  readonly encoder: Own;
  untrained(): Own;
  /** What decides features beside weights and examples, as JSON holds it: the encoder's config, how inputs are prepared, layer, pooling. */
  readonly preparation: unknown;
}

export interface EncoderContenders<Own> {
  encoderOf(contender: "encoder" | "randomInit"): Own;
  madeOf(contender: "encoder" | "randomInit"): Promise<MadeOf>;
  readonly parameters: number;
}

export function encoderContenders<Own extends Pick<Encoder<never>, "parameters" | "buffers">>({
  encoder,
  untrained,
  preparation,
}: EncoderContendersOptions<Own>): EncoderContenders<Own> {
  let made: Own | undefined;
  const encoderOf = (contender: "encoder" | "randomInit"): Own => {
    if (contender === "encoder") return encoder;
    made ??= untrained();
    return made;
  };
  return {
    encoderOf,
    madeOf: async (contender) => ({ weights: await weightsHash(encoderOf(contender)), preparation }),
    parameters: parameterCount(encoder),
  };
}
