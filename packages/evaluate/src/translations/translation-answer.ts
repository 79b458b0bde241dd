/**
 * Answers that are translations, and what BLEU and chrF have in common: counts of each sentence, summed up over a corpus before they are divided.
 */
import type { Metric } from "../metric.js";
import type { Chosen } from "../protocol.js";

export interface TranslationAnswer extends Chosen {
  readonly found: readonly string[];
  /** One translation of each sentence that is right. */
  readonly right: readonly string[];
}

interface CorpusMetric {
  readonly name: string;
  /** Numbers that add up over sentences, as many of each. */
  count(found: string, right: string): readonly number[];
  /** What sums of them score, 0 to 1. */
  score(counts: readonly number[]): number;
  /** What those of one sentence score; the same unless told. */
  scoreOfOne?(counts: readonly number[]): number;
}

/** No mean of its sentences: long ones count for more. */
export function corpusMetric({
  name,
  count,
  score,
  scoreOfOne = score,
}: CorpusMetric): Metric<TranslationAnswer, unknown> {
  const countsOf = ({ found, right }: TranslationAnswer) => {
    assertSameSentences(name, found, right);
    return right.map((text, sentence) => count(found[sentence]!, text));
  };
  return {
    name,
    better: "higher",
    unit: "share",
    perExample: (answer) => Float64Array.from(countsOf(answer), scoreOfOne),
    overall: (answer) => score(summed(countsOf(answer))),
    resampled(answer) {
      const counts = countsOf(answer);
      return (times) => score(summed(counts, times));
    },
    chance: () => null,
  };
}

/** Sentence i stands times[i] times, once unless told. */
function summed(counts: readonly (readonly number[])[], times?: ArrayLike<number>): number[] {
  const sums = new Array<number>(counts[0]?.length ?? 0).fill(0);
  for (const [sentence, own] of counts.entries()) {
    const often = times === undefined ? 1 : times[sentence]!;
    if (often === 0) continue;
    for (let place = 0; place < own.length; place += 1) sums[place]! += often * own[place]!;
  }
  return sums;
}

function assertSameSentences(who: string, found: readonly string[], right: readonly string[]): void {
  if (found.length === right.length && right.length > 0) return;
  throw new RangeError(
    `${who}: every sentence needs a translation, and there must be one, got ${right.length} sentences and ${found.length} translations.`,
  );
}
