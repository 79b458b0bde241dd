/**
 * How well a text model tells text that it did not learn from, beside token frequencies alone and the model before it learned.
 */
import { createRandom } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import type { ExampleKind } from "../examples/examples.js";
import { examplesOf, kindOf } from "../examples/examples-of.js";
import { assertPairsLearned, assertTokensLearned } from "../models/assert-learned.js";
import type { LoadedTextEncoder } from "../models/load-text-encoder.js";
import type { PairModel, TokenModel } from "../models/token-model.js";
import { type HeldOut, heldOutMeasure } from "./held-out-measure.js";
import { once } from "./over-batches.js";
import type { TokenMeasure } from "./token-tally.js";
import { unigramOfCounts } from "./unigram-baseline.js";

export interface Perplexity {
  /** How the tokens were predicted. */
  readonly kind: ExampleKind;
  readonly model: HeldOut;
  readonly randomInit: HeldOut;
  readonly unigram: TokenMeasure & { readonly bitsPerByte: number };
  /** Where frequencies were counted: in what the model learned from, or, where that is not here, in the text asked about. */
  readonly unigramCountedOn: "training text" | "this text";
  /** Of the text; `model.tokens` are those that were asked for, the same of all three. */
  readonly tokens: number;
  readonly bytes: number;
}

export interface PerplexityOptions {
  /** The method's `examples`; what the model can do, `kindOf(model)`, unless told. */
  readonly kind?: ExampleKind | undefined;
  /** Blocks are filled across documents; true unless told. */
  readonly packed?: boolean | undefined;
  /** All pieces of a word are hidden, or none. */
  readonly wholeWords?: boolean | undefined;
  /** The seed of masks and pairs; 0 unless told. */
  readonly seed?: number;
  /** What the model learned from: its frequencies are the baseline. The text itself unless told, which makes them better than they can be. */
  readonly frequencies?: Corpus | undefined;
  /** Next tokens: from one window's start to the next's, at most the context: below it each is predicted from more. The context unless told. */
  readonly stride?: number | undefined;
  /** Sequences at most, spread evenly; 4000 unless told, enough for two digits. */
  readonly limit?: number;
  /** 32 unless told. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal | undefined;
  /** Whose turn it is. */
  readonly announce?: ((contender: "model" | "randomInit") => void) | undefined;
}

/** `text` must be in the model's own tokens: made by `tokenize` with its tokenizer, or its run's. */
export async function measurePerplexity(
  loaded: Pick<LoadedTextEncoder, "model" | "tokenizer" | "context" | "untrained">,
  text: Corpus,
  options: PerplexityOptions = {},
): Promise<Perplexity> {
  const { model, tokenizer, context, untrained } = loaded;
  const { kind = kindOf(model), packed, wholeWords, seed = 0, frequencies, announce } = options;
  if (kind === "windows" || kind === "blocks") assertTokensLearned("measurePerplexity", model);
  else assertPairsLearned("measurePerplexity", model as PairModel);
  const { limit = 4000, batchSize, stride, signal } = options;
  const bytesPerToken = text.bytes / text.tokens;
  const random = createRandom(seed).split("pairs");
  const examples = examplesOf(text, { kind, length: context, packed, tokenizer, random, every: true, stride });
  const measured = { tokenizer, wholeWords, seed, batchSize, bytesPerToken };
  const measure = (of: TokenModel, onAsked?: (labels: Int32Array) => void) =>
    once(heldOutMeasure(of, examples, { ...measured, onAsked }), { limit, every: true, signal });
  const asked = new Float64Array(tokenizer.vocabularySize);

  announce?.("model");
  const ofModel = await measure(model, (labels) => {
    for (const id of labels) if (id >= 0) asked[id]! += 1;
  });
  announce?.("randomInit");
  const randomInit = await measure(untrained());
  const unigram = await unigramOfCounts(frequencies ?? text, asked);
  return {
    kind,
    model: ofModel,
    randomInit,
    unigram: { ...unigram, bitsPerByte: unigram.loss / Math.LN2 / bytesPerToken },
    unigramCountedOn: frequencies === undefined ? "this text" : "training text",
    tokens: text.tokens,
    bytes: text.bytes,
  };
}
