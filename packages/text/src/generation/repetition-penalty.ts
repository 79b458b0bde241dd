/**
 * Tokens that have come before are made less likely.
 *
 * Keskar et al. 2019, https://arxiv.org/abs/1909.05858, section 4.1, as Hugging Face's `repetition_penalty`: a score above 0 is divided,
 * one below 0 multiplied.
 */
export function penalizeRepetition(scores: Float32Array, seen: Iterable<number>, penalty: number): Float32Array {
  if (!(penalty > 0 && Number.isFinite(penalty)))
    throw new RangeError(`generate: repetitionPenalty must be a number above 0, got ${penalty}.`);
  if (penalty === 1) return scores;
  const penalized = scores.slice();
  for (const id of seen) penalized[id] = scores[id]! < 0 ? scores[id]! * penalty : scores[id]! / penalty;
  return penalized;
}
