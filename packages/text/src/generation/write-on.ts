/**
 * Text written on from a prompt, as pieces that can be shown as they come.
 */
import { createRandom } from "@autodidact/core";
import type { CausalModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type GenerateOptions, generate } from "./generate.js";

export interface WritingOptions
  extends Pick<GenerateOptions, "temperature" | "topK" | "topP" | "repetitionPenalty" | "signal"> {
  /** An empty one is the beginning of a text. */
  readonly prompt?: string;
  readonly maxTokens: number;
  /** The same seed gives the same text; 0 unless told. */
  readonly seed?: number;
  /** Which of several texts of one seed, each drawn by itself; 0 unless told. */
  readonly sample?: number;
  /** Ends with the token in which one of them ends, as Hugging Face's `stop_strings`; that token is given too. */
  readonly stopStrings?: readonly string[] | undefined;
}

/** What follows the prompt; ends where the text does, with a stop string, or after `maxTokens`. Rows of a model beyond the vocabulary are no text. */
export async function* writeOn(
  model: CausalModel,
  tokenizer: Tokenizer,
  { prompt = "", seed = 0, sample = 0, stopStrings = [], ...options }: WritingOptions,
): AsyncGenerator<string, void> {
  const { endOfText: stopAt } = tokenizer.special;
  const encoded = tokenizer.encode(prompt);
  const start = encoded.length > 0 ? encoded : Int32Array.of(stopAt ?? tokenizer.encode("\n")[0] ?? 0);
  const text = unfolding(tokenizer, encoded);
  const isStop = stopping(stopStrings, prompt);
  const random = sample === 0 ? createRandom(seed) : createRandom(seed).split(`sample ${sample}`);
  for await (const id of generate(model, start, { ...options, stopAt, random })) {
    if (id >= tokenizer.vocabularySize) continue;
    const added = text.next(id);
    if (added !== "") yield added;
    if (isStop(added)) return;
  }
  const rest = text.rest();
  if (rest !== "") yield rest;
}

/** Tells of each piece of a text whether one of the strings ends in it. */
export function stopping(strings: readonly string[], before: string): (added: string) => boolean {
  if (strings.includes("")) throw new RangeError("writeOn: a stop string must have a character, and one is empty.");
  const longest = Math.max(0, ...strings.map(({ length }) => length));
  let known = before;
  return (added) => {
    known = known.slice(Math.max(0, known.length - longest + 1));
    const from = known.length;
    known += added;
    return strings.some((string) => known.indexOf(string, Math.max(0, from - string.length + 1)) !== -1);
  };
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
