/**
 * The examples that a method learns from, or is measured on, out of a corpus.
 */
import type { Dataset, Random } from "@autodidact/core";
import { type Corpus, sentencePairs, type Tokenizer, textBlocks, tokenWindows } from "@autodidact/text";
import type { TextMethod } from "./method.js";

export type ExampleKind = TextMethod["examples"];

export interface ExamplesOptions {
  readonly kind: ExampleKind;
  /** Tokens a sequence. */
  readonly length: number;
  /** Blocks are filled across documents. */
  readonly packed: boolean;
  readonly tokenizer: Tokenizer;
  readonly random: Random;
  /** Windows that do not overlap: every token is predicted once. */
  readonly once?: boolean;
  /** How often the corpus is cut into pairs, each time into others. */
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
  const { kind, length, packed, tokenizer, random, once = false, duplicates = 1 } = options;
  const { endOfText, separator } = tokenizer.special;
  switch (kind) {
    case "windows": {
      const dataset = tokenWindows(corpus, {
        ...(endOfText !== undefined && { separator: endOfText }),
        ...(once ? { length: Math.min(length, corpus.tokens - 1), stride: length } : { length }),
      });
      return { kind, dataset, isRagged: false };
    }
    case "blocks": {
      const between = packed && separator !== undefined ? { separator } : {};
      return { kind, dataset: textBlocks(corpus, { length, packed, ...between }), isRagged: !packed };
    }
    default: {
      const dataset = sentencePairs(corpus, { length, objective: kind, random, duplicates });
      return { kind, dataset, isRagged: true, labelCounts: dataset.labelCounts };
    }
  }
}

/** Which share of the pairs says what, in words: chance is the greater. */
export function describeBalance({ kind, labelCounts }: Examples): string | undefined {
  if (labelCounts === undefined) return undefined;
  const [zeros, ones] = labelCounts;
  const [first, second] = kind === "next-sentence" ? ["follow", "are random"] : ["stand as written", "are swapped"];
  const share = (count: number) => `${((100 * count) / (zeros + ones)).toFixed(1)} %`;
  return `pairs: ${zeros + ones}, of which ${share(zeros)} ${first} and ${share(ones)} ${second}`;
}
