/**
 * One token, drawn from scores.
 *
 * top-k: Fan et al. 2018, https://arxiv.org/abs/1805.04833; top-p: Holtzman et al. 2019, https://arxiv.org/abs/1904.09751. In the order of
 * Hugging Face's generate: temperature, then top-k, then top-p.
 */
import type { Random } from "@autodidact/core";

export interface ChoiceOptions {
  /** Scores are divided by it; 0 takes the likeliest token always. 1 unless told. */
  temperature?: number;
  /** Only this many of the likeliest tokens; all unless told. */
  topK?: number;
  /** Only the likeliest tokens that together have this probability; all unless told. */
  topP?: number;
}

/** `random` may be missing at temperature 0. */
export function chooseToken(scores: Float32Array, random: Random | undefined, options: ChoiceOptions = {}): number {
  if (options.temperature === 0) return likeliest(scores);
  if (random === undefined) throw new Error("chooseToken: random must be given above temperature 0.");
  const { ids, probabilities } = candidates(scores, options);
  const mark = random.uniform();
  let total = 0;
  for (const [place, id] of ids.entries()) {
    total += probabilities[place]!;
    if (mark < total) return id;
  }
  return ids[0]!; // rounding left a gap below 1
}

/** The tokens that may be drawn, likeliest first where k or p is told, with probabilities that sum to 1. */
export function candidates(
  scores: Float32Array,
  { temperature = 1, topK = scores.length, topP = 1 }: ChoiceOptions = {},
): { ids: Uint32Array; probabilities: Float64Array } {
  assertPossible({ temperature, topK, topP });
  const isCut = topK < scores.length || topP < 1;
  const all = Uint32Array.from(scores, (_, id) => id);
  const ordered = isCut ? all.sort((a, b) => scores[b]! - scores[a]! || a - b).subarray(0, topK) : all;
  const most = scores[isCut ? ordered[0]! : likeliest(scores)]!;
  const weights = Float64Array.from(ordered, (id) => Math.exp((scores[id]! - most) / temperature));
  const probabilities = normalized(weights);
  if (topP >= 1) return { ids: ordered, probabilities };
  let kept = 0;
  for (let total = 0; kept < ordered.length && total < topP; kept += 1) total += probabilities[kept]!;
  return { ids: ordered.subarray(0, kept), probabilities: normalized(probabilities.subarray(0, kept)) };
}

function likeliest(scores: Float32Array): number {
  let best = 0;
  for (let id = 1; id < scores.length; id += 1) if (scores[id]! > scores[best]!) best = id;
  return best;
}

function normalized(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function assertPossible({ temperature, topK, topP }: Required<ChoiceOptions>): void {
  if (!(temperature > 0)) throw new RangeError(`generate: temperature must be 0 or above, got ${temperature}.`);
  if (!Number.isInteger(topK) || topK < 1)
    throw new RangeError(`generate: topK must be a whole number from 1, got ${topK}.`);
  if (!(topP > 0)) throw new RangeError(`generate: topP must be above 0, got ${topP}.`);
}
