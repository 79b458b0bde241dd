/**
 * Exact match and F1 of extracted answers, in percent, as SQuAD's official script has them.
 *
 * Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250, section 6.1.
 */
export interface SquadReference {
  readonly id: string;
  /** Any of them is right; none where the question has no answer. */
  readonly answers: readonly string[];
}

export interface SquadScores {
  readonly exactMatch: number;
  readonly f1: number;
  readonly questions: number;
}

/** Predictions by question; a missing one counts as wrong, an empty one as "no answer". */
export function squadScores(
  predictions: ReadonlyMap<string, string>,
  references: readonly SquadReference[],
): SquadScores {
  const best = (answer: string | undefined, { answers }: SquadReference, score: (a: string, b: string) => number) =>
    answer === undefined ? 0 : Math.max(...(answers.length > 0 ? answers : [""]).map((right) => score(answer, right)));
  const mean = (score: (a: string, b: string) => number) =>
    (100 / references.length) *
    references.reduce((total, reference) => total + best(predictions.get(reference.id), reference, score), 0);
  return { exactMatch: mean(exact), f1: mean(overlap), questions: references.length };
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

function exact(answer: string, right: string): number {
  return Number(normalizedAnswer(answer) === normalizedAnswer(right));
}

/** F1 of the words both have, each as often as both have it. */
function overlap(answer: string, right: string): number {
  const [found, expected] = [answer, right].map((text) => normalizedAnswer(text).split(" ").filter(Boolean)) as [
    string[],
    string[],
  ];
  if (found.length === 0 || expected.length === 0) return Number(found.length === expected.length);
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of found) {
    const count = left.get(word) ?? 0;
    if (count > 0) common += 1;
    left.set(word, count - 1);
  }
  const [precision, recall] = [common / found.length, common / expected.length];
  return common === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
