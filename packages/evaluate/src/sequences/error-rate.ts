/**
 * Answers that are transcripts: edits (substitutions, deletions, insertions) over the length of what was said, of words or of characters.
 *
 * Over a corpus the edits and the lengths are summed up first: long utterances count for more.
 */
import { editDistance } from "@autodidact/core";
import { type Metric, ratioMetric } from "../metric.js";
import type { Chosen } from "../protocol.js";

export interface TranscriptAnswer extends Chosen {
  readonly found: readonly string[];
  /** What was said, utterance by utterance. */
  readonly right: readonly string[];
}

/** Words are what stands between white space; capitals and punctuation count as they are. */
export const wer: Metric<TranscriptAnswer> = errorRate("wer", "errors a word", (text) =>
  text.split(/\s+/).filter(Boolean),
);

/** Characters are code points, spaces among them. */
export const cer: Metric<TranscriptAnswer> = errorRate("cer", "errors a character", (text) => [...text.trim()]);

function errorRate(name: string, unit: string, split: (text: string) => string[]): Metric<TranscriptAnswer> {
  return ratioMetric({
    name,
    better: "lower",
    unit,
    parts({ found, right }) {
      if (found.length !== right.length) {
        throw new RangeError(
          `${name}: every utterance needs a transcript, got ${right.length} utterances and ${found.length} transcripts.`,
        );
      }
      const expected = right.map(split);
      return {
        counted: Float64Array.from(expected, (said, i) => editDistance(split(found[i]!), said)),
        outOf: Float64Array.from(expected, ({ length }) => length),
      };
    },
    chance: () => null,
  });
}
