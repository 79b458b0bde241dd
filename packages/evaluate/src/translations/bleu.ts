/**
 * BLEU: runs of one to four words that a translation has in common with the right one, and a penalty where it is shorter.
 *
 * Papineni et al. 2002, https://aclanthology.org/P02-1040, as sacrebleu computes it where nothing is told (Post 2018,
 * https://arxiv.org/abs/1804.08771: `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp`), from 0 to 1 where sacrebleu says 0 to 100.
 * Scripts without blanks between words (Chinese, Japanese, Thai) are one word to it: chrF tells of them.
 */
import { commonRuns, countRuns } from "./ngrams.js";
import { tokens13a } from "./tokenize-13a.js";
import { corpusMetric } from "./translation-answer.js";

const ORDERS = [1, 2, 3, 4] as const;

/** Of single sentences the longest runs are those that the sentence has (`eff:yes`), else nearly all would be 0. */
export const bleu = corpusMetric({
  name: "bleu",
  count: countsOf,
  score: (counts) => scoreOf(counts, { isOneSentence: false }),
  scoreOfOne: (counts) => scoreOf(counts, { isOneSentence: true }),
});

/** Words found and right; of each order the runs in common; of each order the runs found. */
function countsOf(found: string, right: string): number[] {
  const [said, expected] = [tokens13a(found), tokens13a(right)];
  const common = ORDERS.map((n) => commonRuns(countRuns(said, n, " "), countRuns(expected, n, " ")));
  return [said.length, expected.length, ...common, ...ORDERS.map((n) => Math.max(0, said.length - n + 1))];
}

function scoreOf(counts: readonly number[], { isOneSentence }: { isOneSentence: boolean }): number {
  const [said = 0, expected = 0] = counts;
  const common = counts.slice(2, 2 + ORDERS.length);
  const total = counts.slice(2 + ORDERS.length);
  if (common.every((count) => count === 0)) return 0;
  let halvings = 1;
  let logs = 0; // Σ log pₙ
  let orders = 0;
  for (const [place, runs] of total.entries()) {
    if (runs === 0) break;
    if (common[place] === 0) halvings *= 2; // each order without a match counts half a match less: NIST's smoothing
    const precision = common[place] === 0 ? 1 / (halvings * runs) : common[place]! / runs; // pₙ
    logs += Math.log(precision);
    orders += 1;
  }
  if (!isOneSentence && orders < ORDERS.length) return 0;
  const penalty = said < expected ? Math.exp(1 - expected / said) : 1; // BP
  return Math.min(1, penalty * Math.exp(logs / orders)); // rounding may end above 1
}
