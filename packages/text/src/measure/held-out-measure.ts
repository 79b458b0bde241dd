/**
 * What a text model predicts of text that it did not learn from, by whichever task the examples are of.
 */
import { createRandom, type Dataset } from "@autodidact/core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import type { SentencePair, TextBlock, TokenWindow } from "../examples/examples.js";
import type { Examples } from "../examples/examples-of.js";
import type { CausalModel, PairModel, TokenModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { maskedLmMeasure, type PairMeasure, pairMeasure } from "./measure-masked.js";
import { type NextTokenMeasure, nextTokenMeasure } from "./measure-next-token.js";
import type { RepeatedMeasure } from "./over-batches.js";

export interface HeldOutOptions {
  readonly tokenizer: Tokenizer;
  /** All pieces of a word are hidden, or none; none of it unless told. */
  readonly wholeWords?: boolean;
  /** The seed of the masks: each look hides the same tokens. 0 unless told. */
  readonly seed?: number;
  /** 32 unless told. */
  readonly batchSize?: number;
  /** The corpus's bytes a token, `corpus.bytes / corpus.tokens`, for bits a byte of next tokens. */
  readonly bytesPerToken?: number;
  /** Told the labels of each batch: the tokens that are asked for, and −100. */
  readonly onAsked?: ((labels: Int32Array) => void) | undefined;
}

export interface HeldOutLook {
  /** Examples at most, spread evenly, in full batches; all unless told. */
  readonly limit?: number;
  /** The last batch may be smaller, so that no example is left out. */
  readonly every?: boolean;
  /** Ends it between two batches, by throwing its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** `relation` where there are pairs, `bitsPerByte` where every token was predicted from those before it. */
export type HeldOut = NextTokenMeasure & Partial<Pick<PairMeasure, "relation">>;

/** A measure to be asked often of a model that learns meanwhile; the graphs of the first look serve all others. */
export function heldOutMeasure(
  model: TokenModel,
  { kind, dataset }: Pick<Examples, "kind" | "dataset">,
  { tokenizer, wholeWords = false, seed = 0, batchSize = 32, bytesPerToken, onAsked }: HeldOutOptions,
): RepeatedMeasure<HeldOut, HeldOutLook> {
  const size = Math.max(1, Math.min(batchSize, dataset.length));
  const fullBatches = ({ limit = dataset.length, every = false, signal }: HeldOutLook) => ({
    batchSize: size,
    limit: every ? limit : Math.max(size, limit - (limit % size)),
    signal,
  });
  const onBatch = onAsked && (({ labels }: { labels: Tensor1D }) => onAsked(labels.dataSync() as Int32Array));
  if (kind === "windows") {
    const { measure, dispose } = nextTokenMeasure(model as CausalModel, dataset as Dataset<TokenWindow>, { onBatch });
    return { measure: (look) => measure({ ...fullBatches(look), bytesPerToken }), dispose };
  }
  const { measure, dispose } =
    kind === "blocks"
      ? maskedLmMeasure(model, tokenizer, dataset as Dataset<TextBlock>, { wholeWords, onBatch })
      : pairMeasure(model as PairModel, tokenizer, dataset as Dataset<SentencePair>, { wholeWords, onBatch });
  const masks = () => createRandom(seed).split("held-out masks");
  return { measure: (look) => measure({ ...fullBatches(look), random: masks() }), dispose };
}
