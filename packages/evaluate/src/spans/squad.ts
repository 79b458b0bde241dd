/**
 * Answers that are passages of a text: exact match, and F1 of the words, as SQuAD's official script has them.
 *
 * Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250, section 6.1.
 */
import { type Metric, meanMetric } from "../metric.js";
import type { Chosen } from "../protocol.js";

export interface SpanAnswer extends Chosen {
  /** The answer to each question: empty is "no answer", undefined counts as wrong. */
  readonly found: readonly (string | undefined)[];
  /** The answers to each question, any of which is right; none where the question has no answer. */
  readonly right: readonly (readonly string[])[];
}

export const exactMatch: Metric<SpanAnswer> = meanMetric({
  name: "exactMatch",
  better: "higher",
  unit: "share",
  perExample: (answer) => bestOfEach(answer, isSame),
  chance: () => null,
});

export const f1: Metric<SpanAnswer> = meanMetric({
  name: "f1",
  better: "higher",
  unit: "share",
  perExample: (answer) => bestOfEach(answer, overlap),
  chance: () => null,
});

function bestOfEach({ found, right }: SpanAnswer, score: (found: string, right: string) => number): Float64Array {
  if (found.length !== right.length) {
    throw new RangeError(
      `squad: every question needs an answer or undefined, got ${right.length} questions and ${found.length} answers.`,
    );
  }
  return Float64Array.from(found, (answer, question) => {
    if (answer === undefined) return 0;
    const known = right[question]!;
    return Math.max(...(known.length > 0 ? known : [""]).map((one) => score(answer, one)));
  });
}

/** Lower case, without punctuation (ASCII's), articles and superfluous spaces. */
export function normalizedAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, "")
    .replace(/(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu, " ")
    .split(/\s+/)
    .filter(Boolean)
    .join(" ");
}

function isSame(found: string, right: string): number {
  return Number(normalizedAnswer(found) === normalizedAnswer(right));
}

/** F1 of the words both have, each as often as both have it. */
function overlap(found: string, right: string): number {
  const words = normalizedAnswer(found).split(" ").filter(Boolean);
  const expected = normalizedAnswer(right).split(" ").filter(Boolean);
  if (words.length === 0 || expected.length === 0) return Number(words.length === expected.length);
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count > 0) common += 1;
    left.set(word, count - 1);
  }
  const precision = common / words.length;
  const recall = common / expected.length;
  return common === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
