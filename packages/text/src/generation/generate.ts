/**
 * Text written on by a causal model, token by token.
 */
import type { Random } from "@autodidact/core";
import { assertTokensLearned } from "../models/assert-learned.js";
import type { CausalModel } from "../models/token-model.js";
import { causalMemory } from "./causal-memory.js";
import { type ChoiceOptions, chooseToken } from "./choose-token.js";
import { penalizeRepetition } from "./repetition-penalty.js";

export interface GenerateOptions extends ChoiceOptions {
  maxTokens: number;
  /** May be missing at temperature 0. */
  random?: Random;
  /** Ends after this token, which is given too. */
  stopAt?: number | undefined;
  /** Above 1 tokens of the prompt and of what was written are less likely, below 1 likelier. 1 unless told. */
  repetitionPenalty?: number | undefined;
  /** Ends before the next token. */
  signal?: AbortSignal;
}

/**
 * Ids of the tokens after the prompt, each as soon as it is chosen. What the model has read is remembered; once it has no place left, the
 * last half is read anew and the rest forgotten, and a prompt that is too long begins so.
 */
export async function* generate(
  model: CausalModel,
  prompt: ArrayLike<number>,
  options: GenerateOptions,
): AsyncGenerator<number, void, undefined> {
  const { maxTokens, random, stopAt, repetitionPenalty = 1, signal, ...choice } = options;
  const { maxLength } = model.encoder;
  assertPrompt(prompt, model);
  assertTokensLearned("generate", model);
  const memory = causalMemory(model);
  const seen = new Set(Array.from(prompt));
  try {
    let window = lastPart(Array.from(prompt), maxLength);
    let scores = signal?.aborted || maxTokens < 1 ? undefined : await memory.read(window);
    for (let made = 0; scores && !signal?.aborted; made += 1) {
      const id = chooseToken(penalizeRepetition(scores, seen, repetitionPenalty), random, choice);
      seen.add(id);
      yield id;
      if (id === stopAt || made + 1 === maxTokens || signal?.aborted) return;
      window.push(id);
      if (window.length <= maxLength) {
        scores = await memory.readNext(id);
      } else {
        window = lastPart(window, maxLength);
        scores = await memory.read(window);
      }
    }
  } finally {
    memory.dispose();
  }
}

/** All tokens where they fit, else as many as fill half of the places. */
function lastPart(ids: number[], places: number): number[] {
  return ids.length <= places ? ids : ids.slice(-Math.max(1, Math.floor(places / 2)));
}

function assertPrompt(prompt: ArrayLike<number>, { config }: CausalModel): void {
  const { vocab_size: rows } = config as { vocab_size: number };
  if (prompt.length === 0)
    throw new RangeError("generate: the prompt must have a token. Begin with the one that separates texts.");
  const strange = Array.from(prompt).find((id) => !(Number.isInteger(id) && id >= 0 && id < rows));
  if (strange !== undefined)
    throw new RangeError(`generate: the prompt's ids must be from 0 to ${rows - 1}, got ${strange}.`);
}
