/**
 * Added tokens are taken out of a text before anything else reads it, as Hugging Face's Rust library does
 * (https://github.com/huggingface/tokenizers, tokenizers/src/tokenizer/added_vocabulary.rs).
 */
import type { AddedToken } from "./tokenizer-json.js";

/** An added token, or text between two. */
export interface Section {
  readonly id?: number;
  readonly text: string;
  /** Where it begins in what was split. */
  readonly at: number;
}

export interface AddedTokens {
  /** Special tokens are split off where they are asked for; else they stay text. */
  split(text: string, readsSpecial: boolean): Section[];
}

/** A token, and how the text that is split spells it. */
export type SpelledToken = AddedToken & { readonly spelling: string };

/** Of tokens that begin at one place the longest counts; one that its `single_word` forbids is text. */
export function addedTokens(tokens: readonly SpelledToken[]): AddedTokens {
  const known = new Map<string, SpelledToken>();
  for (const token of tokens) if (token.spelling !== "") known.set(token.spelling, token);
  const pattern = patternOf([...known.keys()]);
  const areSpecial = tokens.every(({ special }) => special);
  return {
    split: (text, readsSpecial) =>
      pattern === undefined || (areSpecial && !readsSpecial) ? whole(text) : split(text, pattern, known, readsSpecial),
  };
}

const whole = (text: string): Section[] => (text === "" ? [] : [{ text, at: 0 }]);

function split(
  text: string,
  pattern: RegExp,
  known: ReadonlyMap<string, SpelledToken>,
  readsSpecial: boolean,
): Section[] {
  const sections: Section[] = [];
  let taken = 0;
  for (const match of text.matchAll(pattern)) {
    const token = known.get(match[0])!;
    let start = match.index;
    let end = start + match[0].length;
    if (token.special && !readsSpecial) continue;
    if (token.single_word && (WORD_BEFORE.test(text.slice(Math.max(0, start - 2), start)) || isWordAt(text, end)))
      continue;
    if (token.lstrip) start = Math.max(taken, start - spaceBefore(text, start));
    if (token.rstrip) end += spaceAfter(text, end);
    if (taken < start) sections.push({ text: text.slice(taken, start), at: taken });
    sections.push({ id: token.id, text: text.slice(start, end), at: start });
    taken = end;
  }
  if (taken < text.length) sections.push({ text: text.slice(taken), at: taken });
  return sections;
}

/** Longer spellings come first, so that the longest matches. */
function patternOf(spellings: readonly string[]): RegExp | undefined {
  if (spellings.length === 0) return undefined;
  const escaped = [...spellings]
    .sort((a, b) => b.length - a.length)
    .map((spelling) => spelling.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return new RegExp(escaped.join("|"), "gu");
}

/** What Rust's `\w` is. */
const WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";
const WORD_BEFORE = new RegExp(`${WORD}$`, "u");
const WORD_AT = new RegExp(`^${WORD}`, "u");
const isWordAt = (text: string, place: number) => WORD_AT.test(text.slice(place, place + 2));

const SPACE = /\p{White_Space}/u;

function spaceBefore(text: string, place: number): number {
  let start = place;
  while (start > 0 && SPACE.test(text[start - 1]!)) start -= 1;
  return place - start;
}

function spaceAfter(text: string, place: number): number {
  let end = place;
  while (end < text.length && SPACE.test(text[end]!)) end += 1;
  return end - place;
}
