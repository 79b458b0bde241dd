/**
 * The examples that a method learns from, or is measured on, out of a corpus.
 */
import type { Dataset, Random } from "@autodidact/core";
import { type Corpus, sentencePairs, type Tokenizer, textBlocks, tokenWindows } from "@autodidact/text";
import { textMethods } from "../registry.js";
import type { TextSettings } from "./settings.js";

/** BERT's authors cut their corpus into other pairs ten times. */
const MOST_DUPLICATES = 10;

export interface ExamplesOptions {
  readonly tokenizer: Tokenizer;
  readonly random: Random;
  /** Every token once, in order; else as training wants them. */
  readonly once?: boolean;
}

export interface Examples {
  readonly dataset: Dataset<unknown>;
  /** Examples differ in length: batches of like length have little padding. */
  readonly isRagged: boolean;
  /** Pairs of label 0 and of label 1. */
  readonly labelCounts?: readonly [number, number];
}

export function examplesOf(corpus: Corpus, settings: TextSettings, options: ExamplesOptions): Examples {
  const { method, context: length, data } = settings;
  const { tokenizer, random, once = false } = options;
  const { special } = tokenizer;
  const kind = textMethods[method].examples;
  switch (kind) {
    case "windows":
      return {
        dataset: tokenWindows(corpus, {
          ...(special.endOfText !== undefined && { separator: special.endOfText }),
          ...{ length: once ? Math.min(length, corpus.tokens - 1) : length, ...(once && { stride: length }) },
        }),
        isRagged: false,
      };
    case "blocks":
      return {
        dataset: textBlocks(corpus, {
          ...(data.packed && special.separator !== undefined && { separator: special.separator }),
          ...{ length, packed: data.packed },
        }),
        isRagged: !data.packed,
      };
    default: {
      const duplicates = once ? 1 : passesOver(corpus, settings);
      const dataset = sentencePairs(corpus, { length, objective: kind, random, duplicates });
      return { dataset, isRagged: true, labelCounts: dataset.labelCounts };
    }
  }
}

/** As often as the run goes over the corpus. */
function passesOver({ tokens }: Corpus, { steps, batchSize, context }: TextSettings): number {
  const passes = Math.ceil((steps * batchSize * context) / Math.max(1, tokens));
  return Math.max(1, Math.min(MOST_DUPLICATES, passes));
}

/** Which share of the pairs says what, in words: chance is the greater. */
export function describeBalance([zeros, ones]: readonly [number, number], method: string): string {
  const [first, second] = method === "bert" ? ["follow", "random partner"] : ["as written", "swapped"];
  const share = (count: number) => `${((100 * count) / (zeros + ones)).toFixed(1)} %`;
  return `pairs: ${zeros + ones}; ${first} ${share(zeros)}, ${second} ${share(ones)}`;
}
