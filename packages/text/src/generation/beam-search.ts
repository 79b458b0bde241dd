/**
 * The likeliest text that follows: beam search, as Hugging Face's `generate(num_beams=…)` with `early_stopping=False`, its default.
 *
 * A finished text scores log p / length^penalty, its end token counted (Wu et al. 2016, https://arxiv.org/abs/1609.08144, section 7, in
 * Hugging Face's simpler form). One beam is the likeliest token at each step.
 */
import type { CausalMemory } from "./causal-memory.js";

export interface BeamSearchOptions {
  /** Texts that are followed at once; 1 takes the likeliest token always. */
  readonly beams: number;
  /** The longest text, its end token counted; prompt and text must fit the model's places together. */
  readonly maxTokens: number;
  /** The token that ends a text. */
  readonly stopAt?: number | undefined;
  /** Above 0 longer texts are preferred; 1 unless told. */
  readonly lengthPenalty?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundText {
  /** The end token is the last, where it was reached. */
  readonly ids: readonly number[];
  readonly score: number;
}

interface Beam {
  readonly ids: readonly number[];
  /** log p of all its tokens. */
  readonly logProbability: number;
}

/** The best first; at most as many as there are beams. */
export async function beamSearch(
  memory: CausalMemory,
  prompt: readonly number[],
  options: BeamSearchOptions,
): Promise<FoundText[]> {
  const { beams, maxTokens, stopAt, lengthPenalty = 1, signal } = options;
  assertPossible(options);
  const kept = beams === 1 ? 1 : 2 * beams; // so many that as many as there are beams can go on, should all others end
  const scored = ({ ids, logProbability }: Beam): FoundText => ({
    ids,
    score: logProbability / ids.length ** lengthPenalty,
  });
  let running: readonly Beam[] = [{ ids: [], logProbability: 0 }];
  let finished: FoundText[] = [];
  let scores = await memory.read(prompt);
  for (let length = 1; ; length += 1) {
    signal?.throwIfAborted();
    const candidates = bestContinuations(running, scores, kept);
    const isEnd = ({ ids }: Beam) => length === maxTokens || ids.at(-1) === stopAt;
    const ended = candidates.slice(0, beams).filter(isEnd).map(scored);
    finished = [...finished, ...ended].sort((a, b) => b.score - a.score).slice(0, beams);
    const going = candidates.filter((one) => !isEnd(one)).slice(0, beams);
    const [best] = going;
    if (best === undefined || (finished.length === beams && scored(best).score <= finished.at(-1)!.score))
      return finished;
    scores = await memory.readEach(
      going.map(({ ids }) => ids.at(-1)!),
      going.map(({ from }) => from),
    );
    running = going;
  }
}

interface Candidate extends Beam {
  /** The beam that it continues. */
  readonly from: number;
}

/** The likeliest of all beams' continuations, the likeliest first; of equals the earlier beam and token. */
function bestContinuations(running: readonly Beam[], scores: Float32Array, count: number): Candidate[] {
  const tokens = scores.length / running.length; // V
  const best: { from: number; id: number; logProbability: number }[] = [];
  for (const [from, { logProbability: before }] of running.entries()) {
    const own = scores.subarray(from * tokens, (from + 1) * tokens);
    const offset = before - logOfSum(own);
    for (let id = 0; id < tokens; id += 1) {
      const logProbability = offset + own[id]!;
      if (best.length === count && !(logProbability > best[count - 1]!.logProbability)) continue;
      if (best.length === count) best.pop();
      let place = best.length;
      while (place > 0 && best[place - 1]!.logProbability < logProbability) place -= 1;
      best.splice(place, 0, { from, id, logProbability });
    }
  }
  return best.map(({ from, id, logProbability }) => ({ from, logProbability, ids: [...running[from]!.ids, id] }));
}

/** log Σ exp */
function logOfSum(scores: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) most = Math.max(most, score);
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - most);
  if (Number.isNaN(sum))
    throw new RangeError("beamSearch: scores must be numbers, got NaN. Look for NaN in the weights.");
  return most + Math.log(sum);
}

function assertPossible({ beams, maxTokens, lengthPenalty = 1 }: BeamSearchOptions): void {
  for (const [name, value] of Object.entries({ beams, maxTokens })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`beamSearch: ${name} must be a whole number from 1, got ${value}.`);
  }
  if (!Number.isFinite(lengthPenalty))
    throw new RangeError(`beamSearch: lengthPenalty must be a number, got ${lengthPenalty}.`);
}
