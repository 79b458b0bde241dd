/**
 * Answers that are transcripts: edits (substitutions, deletions, insertions) over the length of what was said, of words or of characters.
 *
 * Over a corpus the edits and the lengths are summed up first: long utterances count for more. More may be wrong than was said: insertions count.
 */
import { editDistance } from "@autodidact/core";
import { type Metric, meanMetric, ratioMetric } from "../metric.js";
import type { Chosen } from "../protocol.js";
import { charactersOf, wordsOf } from "./units.js";

export interface TranscriptAnswer extends Chosen {
  readonly found: readonly string[];
  /** What was said, utterance by utterance. */
  readonly right: readonly string[];
}

/** Words are what stands between white space; capitals and punctuation count as they are. */
export const wer: Metric<TranscriptAnswer> = errorRate("wer", "errors a word", wordsOf);

/** Characters are code points, spaces among them. */
export const cer: Metric<TranscriptAnswer> = errorRate("cer", "errors a character", charactersOf);

/** The share of utterances with any word wrong. */
export const ser: Metric<TranscriptAnswer> = meanMetric({
  name: "ser",
  better: "lower",
  unit: "share",
  perExample(answer) {
    assertSameUtterances("ser", answer);
    const { found, right } = answer;
    return Float64Array.from(right, (said, i) => Number(wordsOf(said).join(" ") !== wordsOf(found[i]!).join(" ")));
  },
  chance: () => null,
});

function errorRate(name: string, unit: string, split: (text: string) => string[]): Metric<TranscriptAnswer> {
  return ratioMetric({
    name,
    better: "lower",
    unit,
    parts(answer) {
      assertSameUtterances(name, answer);
      const { found, right } = answer;
      const expected = right.map(split);
      return {
        counted: Float64Array.from(expected, (said, i) => editDistance(split(found[i]!), said)),
        outOf: Float64Array.from(expected, ({ length }) => length),
      };
    },
    chance: () => null,
  });
}

export function assertSameUtterances(who: string, { found, right }: TranscriptAnswer): void {
  if (found.length === right.length) return;
  throw new RangeError(
    `${who}: every utterance needs a transcript, got ${right.length} utterances and ${found.length} transcripts.`,
  );
}
