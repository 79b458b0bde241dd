/**
 * How well a text model tells text that it did not learn from, beside token frequencies alone and the model before it learned.
 */
import { createRandom } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import type { ExampleKind } from "../examples/examples.js";
import { examplesOf, kindOf } from "../examples/examples-of.js";
import type { LoadedTextEncoder } from "../models/load-text-encoder.js";
import type { TokenModel } from "../models/token-model.js";
import { type HeldOut, heldOutMeasure } from "./held-out-measure.js";
import { once } from "./over-batches.js";
import type { TokenMeasure } from "./token-tally.js";
import { unigramBaseline } from "./unigram-baseline.js";

export interface Perplexity {
  /** How the tokens were predicted. */
  readonly kind: ExampleKind;
  readonly model: HeldOut;
  readonly randomInit: HeldOut;
  readonly unigram: TokenMeasure & { readonly bitsPerByte: number };
  /** Where frequencies were counted: in what the model learned from, or, where that is not here, in the text asked about. */
  readonly unigramCountedOn: "training text" | "this text";
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
  /** Sequences at most; 4000 unless told, enough for two digits. */
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
  const { limit = 4000, batchSize, signal } = options;
  const bytesPerToken = text.bytes / text.tokens;
  const random = createRandom(seed).split("pairs");
  const examples = examplesOf(text, { kind, length: context, packed, tokenizer, random, once: true });
  const measured = { tokenizer, wholeWords, seed, batchSize, bytesPerToken };
  const measure = (of: TokenModel) => once(heldOutMeasure(of, examples, measured), { limit, signal });

  announce?.("model");
  const ofModel = await measure(model);
  announce?.("randomInit");
  const randomInit = await measure(untrained());
  const unigram = await unigramBaseline(frequencies ?? text, text, tokenizer.vocabularySize);
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
