/**
 * chrF: F-score of runs of one to six characters, of which recall counts twice as much as precision; white space does not count.
 *
 * Popović 2015, https://aclanthology.org/W15-3049, as sacrebleu computes chrF2 (`nc:6|nw:0|space:no`, β = 2), from 0 to 1 where sacrebleu
 * says 0 to 100. It needs no words: it tells of languages with many endings, or of translations of a few words, more than BLEU.
 */
import { commonRuns, countRuns } from "./ngrams.js";
import { splitAtSpace } from "./tokenize-13a.js";
import { corpusMetric } from "./translation-answer.js";

const LONGEST = 6;
const BETA = 2;

export const chrf = corpusMetric({ name: "chrf", count: countsOf, score: scoreOf });

/** Of each length the runs found, right, and in common. Runs found count only where there are right ones of that length. */
function countsOf(found: string, right: string): number[] {
  const [said, expected] = [found, right].map((text) => [...splitAtSpace(text).join("")]) as [string[], string[]];
  return Array.from({ length: LONGEST }, (_, place) => {
    const n = place + 1;
    const of = ({ length }: readonly string[]) => Math.max(0, length - n + 1);
    const common = commonRuns(countRuns(said, n, ""), countRuns(expected, n, ""));
    return [of(expected) === 0 ? 0 : of(said), of(expected), common];
  }).flat();
}

function scoreOf(counts: readonly number[]): number {
  let [precision, recall, lengths] = [0, 0, 0];
  for (let place = 0; place < counts.length; place += 3) {
    const [found, right, common] = counts.slice(place, place + 3) as [number, number, number];
    if (found === 0 || right === 0) continue; // lengths that neither has are left out of the mean
    precision += common / found;
    recall += common / right;
    lengths += 1;
  }
  if (precision + recall === 0) return 0;
  const [p, r] = [precision / lengths, recall / lengths];
  const factor = BETA ** 2;
  return Math.min(1, ((1 + factor) * p * r) / (factor * p + r));
}
