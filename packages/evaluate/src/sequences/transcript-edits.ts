/**
 * Which edits make what was said of what was understood: how a transcript is wrong, not only how much.
 *
 * Of alignments with equally few edits it takes the one that jiwer takes (rapidfuzz's, https://github.com/rapidfuzz/rapidfuzz-cpp): from the
 * end, a deletion where one is as good, then an insertion, then a substitution.
 */
import { assertSameUtterances, type TranscriptAnswer } from "./error-rate.js";
import { charactersOf, wordsOf } from "./units.js";

export interface TranscriptEdits {
  /** Said and understood. */
  readonly hits: number;
  readonly substitutions: number;
  /** Said and not understood. */
  readonly deletions: number;
  /** Understood and not said. */
  readonly insertions: number;
}

/** Summed up over all utterances. */
export function transcriptEdits(answer: TranscriptAnswer, unit: "words" | "characters"): TranscriptEdits {
  assertSameUtterances("transcriptEdits", answer);
  const split = unit === "words" ? wordsOf : charactersOf;
  const sum = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 };
  for (const [i, said] of answer.right.entries()) {
    const edits = editsOf(split(answer.found[i]!), split(said));
    for (const kind of ["hits", "substitutions", "deletions", "insertions"] as const) sum[kind] += edits[kind];
  }
  return sum;
}

function editsOf(found: readonly string[], right: readonly string[]): TranscriptEdits {
  const same = equalEnds(found, right);
  const [heard, said] = [found, right].map((all) => all.slice(same.first, all.length - same.last)) as [
    string[],
    string[],
  ];
  const width = heard.length + 1;
  const distances = prefixDistances(heard, said);
  let [substitutions, deletions, insertions] = [0, 0, 0];
  let [i, j] = [said.length, heard.length];
  while (i > 0 && j > 0) {
    const at = i * width + j;
    if (distances[at] === distances[at - width]! + 1) {
      deletions += 1;
      i -= 1;
    } else if (j > 1 && distances[at - 1] === distances[at - width - 1]! - 1) {
      insertions += 1;
      j -= 1;
    } else {
      substitutions += Number(said[i - 1] !== heard[j - 1]);
      i -= 1;
      j -= 1;
    }
  }
  deletions += i;
  insertions += j;
  return { hits: right.length - substitutions - deletions, substitutions, deletions, insertions };
}

/** How many are equal from the start, and of the rest from the end. */
function equalEnds(a: readonly string[], b: readonly string[]): { first: number; last: number } {
  const most = Math.min(a.length, b.length);
  let [first, last] = [0, 0];
  while (first < most && a[first] === b[first]) first += 1;
  while (last < most - first && a[a.length - 1 - last] === b[b.length - 1 - last]) last += 1;
  return { first, last };
}

/** The edit distance of each prefix of what was said to each of what was heard, row by row. */
function prefixDistances(heard: readonly string[], said: readonly string[]): Uint32Array {
  const width = heard.length + 1;
  const distances = new Uint32Array((said.length + 1) * width);
  for (let j = 0; j < width; j += 1) distances[j] = j;
  for (let i = 1; i <= said.length; i += 1) {
    distances[i * width] = i;
    for (let j = 1; j < width; j += 1) {
      const at = i * width + j;
      const replaced = distances[at - width - 1]! + Number(said[i - 1] !== heard[j - 1]);
      distances[at] = Math.min(replaced, distances[at - width]! + 1, distances[at - 1]! + 1);
    }
  }
  return distances;
}
