/**
 * The likeliest tokens for each [MASK] in a text.
 */
import { UsageError } from "@autodidact/core";
import { gather, reshape, softmax, type Tensor2D, tensor1d, tensor2d, tidy, topk } from "@tensorflow/tfjs-core";
import { assertTokensLearned } from "../models/assert-learned.js";
import { assertMasked } from "../models/assert-masked.js";
import type { TokenModel } from "../models/token-model.js";
import { tokenSequence } from "../models/token-sequence.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

export interface Candidate {
  readonly id: number;
  /** The vocabulary's entry: `##ing`. Empty for a row of the model beyond the vocabulary: padding. */
  readonly piece: string;
  readonly probability: number;
}

/** The candidates for each mask in the text, in order, likeliest first. The text holds the mask, as the vocabulary spells it. */
export async function fillMask(
  model: TokenModel,
  tokenizer: Tokenizer,
  text: string,
  { top = 5 }: { top?: number } = {},
): Promise<Candidate[][]> {
  assertMasked(model, tokenizer);
  assertTokensLearned("fillMask", model);
  const { ids, masks } = maskedSequence(tokenizer, text);
  const { values, indices } = tidy(() => {
    const states = model.encoder.hiddenStates({ ids: tensor2d(ids, [1, ids.length], "int32") }); // [1, T, D]
    const rows = gather(reshape(states, [ids.length, -1]), tensor1d(masks, "int32")) as Tensor2D; // [M, D]
    return topk(softmax(model.scoreTokens(rows)), Math.min(top, tokenizer.vocabularySize)); // [M, top] both
  });
  const [probabilities, found] = await Promise.all([values.data(), indices.data()]);
  const count = values.shape[1]!;
  values.dispose();
  indices.dispose();
  return masks.map((_, mask) =>
    Array.from({ length: count }, (_, place) => {
      const id = found[mask * count + place]!;
      return {
        id,
        piece: id < tokenizer.vocabularySize ? tokenizer.piece(id) : "",
        probability: probabilities[mask * count + place]!,
      };
    }),
  );
}

function maskedSequence(tokenizer: Tokenizer, text: string): { ids: Int32Array; masks: number[] } {
  const mask = tokenizer.special.mask!;
  const read = tokenizer.encodeText?.(text, { readsSpecial: true }).ids ?? betweenMasks(tokenizer, text);
  if (!read.includes(mask))
    throw new UsageError(`fillMask: the text must hold ${tokenizer.piece(mask)}, got ${JSON.stringify(text)}.`);
  const { ids } = tokenSequence(tokenizer.special, read);
  return { ids, masks: [...ids.keys()].filter((place) => ids[place] === mask) };
}

/** For a tokenizer that cannot be told to read special tokens. */
function betweenMasks(tokenizer: Tokenizer, text: string): Int32Array {
  const mask = tokenizer.special.mask!;
  const parts = text.split(tokenizer.piece(mask));
  return Int32Array.from(parts.flatMap((part, i) => [...(i === 0 ? [] : [mask]), ...tokenizer.encode(part)]));
}
