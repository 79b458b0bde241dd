/**
 * Answers that are predicted tokens: how surprising held-out tokens were, how often the likeliest was right.
 *
 * Perplexity is exp(nats a token). An example is a sequence, or a token where `tokens` are ones.
 */
import { type Metric, ratioMetric } from "../metric.js";
import type { Chosen } from "../protocol.js";

export interface TokenAnswer extends Chosen {
  /** −ln p of its tokens, summed up, of each example. */
  readonly nats: ArrayLike<number>;
  /** How many of its tokens were the likeliest, of each example. */
  readonly right: ArrayLike<number>;
  /** How many tokens were predicted, of each example. */
  readonly tokens: ArrayLike<number>;
}

export const nats: Metric<TokenAnswer> = ratioMetric({
  name: "nats",
  better: "lower",
  unit: "nats a token",
  parts: ({ nats, tokens }) => ({ counted: Float64Array.from(nats), outOf: Float64Array.from(tokens) }),
  chance: () => null,
});

/** Bits a byte of text with so many UTF-8 bytes a token: comparable between tokenizers. */
export function bitsPerByte(bytesPerToken: number): Metric<TokenAnswer> {
  if (!(bytesPerToken > 0)) {
    throw new RangeError(`bitsPerByte: bytesPerToken must be above 0, got ${bytesPerToken}. Divide bytes by tokens.`);
  }
  return ratioMetric({
    name: "bitsPerByte",
    better: "lower",
    unit: "bits a byte",
    parts: ({ nats, tokens }) => ({
      counted: Float64Array.from(nats, (value) => value / Math.LN2),
      outOf: Float64Array.from(tokens, (count) => count * bytesPerToken),
    }),
    chance: () => null,
  });
}

export const tokensRight: Metric<TokenAnswer> = ratioMetric({
  name: "tokensRight",
  better: "higher",
  unit: "share",
  parts: ({ right, tokens }) => ({ counted: Float64Array.from(right), outOf: Float64Array.from(tokens) }),
  chance: () => null,
});

/** How two segments belong together: next sentence, sentence order. */
export interface RelationAnswer extends Chosen {
  /** How many pairs got their own relation, of each example. */
  readonly right: ArrayLike<number>;
  /** How many pairs there are, of each example. */
  readonly pairs: ArrayLike<number>;
  /** The part of the pairs in one of the two relations: always guessing one is right as often as the larger of this and the rest. */
  readonly share: number;
}

export const pairsRight: Metric<RelationAnswer, Pick<RelationAnswer, "share">> = ratioMetric({
  name: "pairsRight",
  better: "higher",
  unit: "share",
  parts: ({ right, pairs }) => ({ counted: Float64Array.from(right), outOf: Float64Array.from(pairs) }),
  chance: ({ share }) => Math.max(share, 1 - share),
});
