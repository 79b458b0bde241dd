/**
 * The examples that a method learns from, or is measured on, out of a corpus.
 */
import type { Dataset, Random } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import { hasLearnedPairs } from "../models/assert-learned.js";
import { isCausalModel, isPairModel } from "../models/text-model-from-config.js";
import type { TokenModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { ExampleKind } from "./examples.js";
import { scoredWindows } from "./scored-windows.js";
import { sentencePairs } from "./sentence-pairs.js";
import { textBlocks } from "./text-blocks.js";
import { tokenWindows } from "./token-windows.js";

export interface ExamplesOptions {
  /** What the method wants: its `examples`. */
  readonly kind: ExampleKind;
  /** Tokens a sequence. */
  readonly length: number;
  /** Blocks are filled across documents; true unless told. */
  readonly packed?: boolean;
  readonly tokenizer: Tokenizer;
  /** Cuts pairs. */
  readonly random: Random;
  /** Windows that do not overlap: every token is predicted once. */
  readonly once?: boolean;
  /** All of the text, its end too, to be measured: windows predict every token once, pairs may be of one kind alone. */
  readonly every?: boolean;
  /** Of `every`: tokens from one window's start to the next's; `length` unless told. */
  readonly stride?: number | undefined;
  /** How often the corpus is cut into pairs, each time into others; 1 unless told. */
  readonly duplicates?: number;
}

export interface Examples {
  readonly kind: ExampleKind;
  readonly dataset: Dataset<unknown>;
  /** They differ in length: batches of like length have little padding. */
  readonly isRagged: boolean;
  /** Pairs of label 0 and of label 1. */
  readonly labelCounts?: readonly [number, number];
}

export function examplesOf(corpus: Corpus, options: ExamplesOptions): Examples {
  const {
    kind,
    length,
    packed = true,
    tokenizer,
    random,
    once = false,
    duplicates = 1,
    every = false,
    stride,
  } = options;
  const { endOfText, separator } = tokenizer.special;
  switch (kind) {
    case "windows": {
      if (every) {
        const dataset = scoredWindows(corpus, { length, stride, separator: endOfText });
        return { kind, dataset, isRagged: false };
      }
      const dataset = tokenWindows(corpus, {
        ...(endOfText !== undefined && { separator: endOfText }),
        ...(once ? { length: Math.min(length, corpus.tokens - 1), stride: length } : { length }),
      });
      return { kind, dataset, isRagged: false };
    }
    case "blocks": {
      const between = packed && separator !== undefined ? { separator } : {};
      return { kind, dataset: textBlocks(corpus, { length, packed, every, ...between }), isRagged: !packed };
    }
    default: {
      const dataset = sentencePairs(corpus, { length, objective: kind, random, duplicates, isMeasured: every });
      return { kind, dataset, isRagged: true, labelCounts: dataset.labelCounts };
    }
  }
}

/**
 * What a model can be asked where its method is not known: GPT-2 the next token, a model without a head for pairs hidden words, BERT the
 * next sentence, ALBERT the order of two.
 */
export function kindOf(model: TokenModel): ExampleKind {
  if (isCausalModel(model)) return "windows";
  if (!isPairModel(model) || !hasLearnedPairs(model)) return "blocks";
  return model.config.model_type === "albert" ? "sentence-order" : "next-sentence";
}
