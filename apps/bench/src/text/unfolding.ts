/**
 * Text that grows token by token: what each one adds, held back while a character is incomplete.
 */
import type { Tokenizer } from "@autodidact/text";

export interface Unfolding {
  /** What may be shown now. */
  next(id: number): string;
  /** What was held back. */
  rest(): string;
}

/** Tokens that are decoded with each new one: a character has at most four bytes, a word few pieces. */
const CONTEXT = 16;

/** `before` has been shown already. */
export function unfolding({ decode }: Pick<Tokenizer, "decode">, before: ArrayLike<number> = []): Unfolding {
  let known = Array.from(before);
  let shown = decode(known);
  const next = (id: number) => {
    known.push(id);
    const text = decode(known);
    if (text.endsWith("\ufffd")) return "";
    const added = text.slice(shown.length);
    if (known.length > 2 * CONTEXT) known = known.slice(-CONTEXT);
    shown = decode(known);
    return added;
  };
  return { next, rest: () => decode(known).slice(shown.length) };
}
