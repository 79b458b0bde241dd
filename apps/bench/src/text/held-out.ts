/**
 * What a text model predicts of text that it did not learn from, by the task of its method.
 */
import { createRandom, type Dataset } from "@autodidact/core";
import {
  type CausalModel,
  measureMaskedLm,
  measureNextToken,
  measurePairs,
  type NextTokenMeasure,
  type PairMeasure,
  type PairModel,
  type SentencePair,
  type TextBlock,
  type Tokenizer,
  type TokenModel,
  type TokenWindow,
} from "@autodidact/text";
import type { Examples } from "./examples.js";

export interface HeldOutOptions {
  readonly tokenizer: Tokenizer;
  readonly wholeWords: boolean;
  /** Of the masks. */
  readonly seed: number;
  readonly batchSize: number;
  /** Of the examples, at most so many, spread evenly. */
  readonly limit: number;
  /** Of the corpus, for bits a byte. */
  readonly bytesPerToken: number;
  /** Ends it between two batches. */
  readonly signal: AbortSignal;
}

/** `relation` where there are pairs, `bitsPerByte` where every token was predicted from those before it. */
export type HeldOutMeasure = NextTokenMeasure & Partial<Pick<PairMeasure, "relation">>;

export function measureHeldOut(
  model: TokenModel,
  { kind, dataset }: Examples,
  { tokenizer, wholeWords, seed, batchSize, limit, bytesPerToken, signal }: HeldOutOptions,
): Promise<HeldOutMeasure> {
  const size = Math.min(batchSize, dataset.length);
  const masked = { wholeWords, random: createRandom(seed).split("held-out masks"), batchSize: size, signal };
  const atMost = { limit: Math.max(size, limit - (limit % size)) };
  switch (kind) {
    case "windows":
      return measureNextToken(model as CausalModel, dataset as Dataset<TokenWindow>, {
        ...{ batchSize: size, bytesPerToken, signal, ...atMost },
      });
    case "blocks":
      return measureMaskedLm(model, tokenizer, dataset as Dataset<TextBlock>, { ...masked, ...atMost });
    default:
      return measurePairs(model as PairModel, tokenizer, dataset as Dataset<SentencePair>, { ...masked, ...atMost });
  }
}
