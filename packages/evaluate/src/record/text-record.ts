/**
 * The record of how well a model tells text, beside token frequencies and itself before it learned.
 */
import { createRandom } from "@autodidact/core";
import { type Circumstances, type Predicted, perplexityRecord } from "./results.js";
import type { ResultRecord } from "./schema.js";

/** Means over so many tokens, and pairs of sentences where the model tells them apart. */
export interface MeasuredTokens {
  /** Nats a token. */
  readonly loss: number;
  readonly accuracy: number;
  readonly tokens: number;
  readonly relation?: { readonly pairs: number; readonly share: number; readonly accuracy: number } | undefined;
}

/** What `perplexityOf` of @autodidact/text gives. */
export interface MeasuredText {
  /** What was measured on, and its hash. */
  readonly on: string;
  readonly hash: string;
  /** How the tokens were predicted; of `windows` every one from those before it. */
  readonly kind: string;
  readonly tokens: number;
  readonly bytes: number;
  readonly model: MeasuredTokens;
  readonly randomInit: MeasuredTokens;
  readonly unigram: MeasuredTokens;
  readonly unigramCountedOn: string;
}

export interface TextRecordOptions extends Omit<Circumstances, "task"> {
  /** The seed of the masks and of the bootstrap. */
  readonly seed: number;
  /** Tokens from one window's start to the next's, where that was told. */
  readonly stride?: number | undefined;
}

export function textRecord(measured: MeasuredText, { seed, stride, ...others }: TextRecordOptions): ResultRecord {
  const { on, hash, kind, tokens, bytes, model, randomInit, unigram, unigramCountedOn } = measured;
  const test = { examples: tokens, hash };
  return perplexityRecord(
    { model: predicted(model), randomInit: predicted(randomInit), unigram: predicted(unigram) },
    {
      ...others,
      task: { name: on, version: 1, modality: "text", classes: null, train: null, test },
      settings: {
        predicted: kind,
        measured: model.tokens,
        ...(stride !== undefined && { stride }),
        tokens,
        bytes,
        frequenciesOf: unigramCountedOn,
      },
      seed,
      random: createRandom(seed),
      bytesPerToken: kind === "windows" ? bytes / tokens : undefined,
    },
  );
}

/** Sequences are not told apart: there is one sum of all. */
function predicted({ loss, accuracy, tokens, relation }: MeasuredTokens): Predicted {
  const sums = { nats: [loss * tokens], right: [accuracy * tokens], tokens: [tokens] };
  if (relation === undefined) return { tokens: sums };
  const { pairs, share } = relation;
  return { tokens: sums, pairs: { right: [relation.accuracy * pairs], pairs: [pairs], share } };
}
