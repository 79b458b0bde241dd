/**
 * Text written on from a prompt, as pieces that can be shown as they come.
 */
import { createRandom } from "@autodidact/core";
import { type CausalModel, type GenerateOptions, generate, type Tokenizer } from "@autodidact/text";

export interface WritingOptions extends Pick<GenerateOptions, "temperature" | "topK" | "topP"> {
  readonly prompt: string;
  readonly maxTokens: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** What follows the prompt; ends where the text does. An empty prompt is the beginning of a text. */
export async function* writeOn(
  model: CausalModel,
  tokenizer: Tokenizer,
  { prompt, seed, topK, topP, ...options }: WritingOptions,
): AsyncGenerator<string, void> {
  const { endOfText: stopAt } = tokenizer.special;
  const encoded = tokenizer.encode(prompt);
  const start = encoded.length > 0 ? encoded : Int32Array.of(stopAt ?? tokenizer.encode("\n")[0] ?? 0);
  const text = unfolding(tokenizer, encoded);
  const chosen = { ...options, ...(topK !== undefined && { topK }), ...(topP !== undefined && { topP }) };
  for await (const id of generate(model, start, { ...chosen, stopAt, random: createRandom(seed) })) {
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
