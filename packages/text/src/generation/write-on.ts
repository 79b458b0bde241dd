/**
 * Text written on from a prompt, as pieces that can be shown as they come.
 */
import { createRandom } from "@autodidact/core";
import type { CausalModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type GenerateOptions, generate } from "./generate.js";

export interface WritingOptions extends Pick<GenerateOptions, "temperature" | "topK" | "topP" | "signal"> {
  /** An empty one is the beginning of a text. */
  readonly prompt?: string;
  readonly maxTokens: number;
  /** The same seed gives the same text; 0 unless told. */
  readonly seed?: number;
}

/** What follows the prompt; ends where the text does, or after `maxTokens`. */
export async function* writeOn(
  model: CausalModel,
  tokenizer: Tokenizer,
  { prompt = "", seed = 0, ...options }: WritingOptions,
): AsyncGenerator<string, void> {
  const { endOfText: stopAt } = tokenizer.special;
  const encoded = tokenizer.encode(prompt);
  const start = encoded.length > 0 ? encoded : Int32Array.of(stopAt ?? tokenizer.encode("\n")[0] ?? 0);
  const text = unfolding(tokenizer, encoded);
  for await (const id of generate(model, start, { ...options, stopAt, random: createRandom(seed) })) {
    const added = text.next(id);
    if (added !== "") yield added;
  }
  const rest = text.rest();
  if (rest !== "") yield rest;
}

export interface Unfolding {
  /** What may be shown now. */
  next(id: number): string;
  /** What was held back. */
  rest(): string;
}

/** Tokens that are decoded with each new one: a character has at most four bytes. */
const DECODED = 16;

/** What each token adds to the text, held back while a character is incomplete. `before` has been shown already. */
export function unfolding({ decode }: Pick<Tokenizer, "decode">, before: ArrayLike<number> = []): Unfolding {
  let known = Array.from(before).slice(-DECODED);
  let shown = decode(known);
  const next = (id: number) => {
    known.push(id);
    const text = decode(known);
    if (text.endsWith("\ufffd")) return "";
    const added = text.slice(shown.length);
    if (known.length > 2 * DECODED) known = known.slice(-DECODED);
    shown = decode(known);
    return added;
  };
  return { next, rest: () => decode(known).slice(shown.length) };
}
