/**
 * A tokenizer with more special tokens, behind all that it has: Hugging Face's `add_special_tokens`.
 */
import { createTokenizer } from "./create-tokenizer.js";
import { addedSpecialToken } from "./special-tokens.js";
import type { Tokenizer, TokenizerFiles } from "./tokenizer.js";

export interface MoreTokens {
  readonly tokenizer: Tokenizer;
  /** The tokens that were not there; none where it has all that was wanted. */
  readonly added: readonly string[];
}

/** A separator and an end of text, apart from each other: the tokenizer's own where it has them, else new ones. */
export function withSeparatorAndEnd(tokenizer: Tokenizer): MoreTokens {
  const { separator, endOfText } = tokenizer.special;
  const known = new Set(Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.piece(id)));
  const end = endOfText === undefined ? freeName("<|endoftext|>", known) : undefined;
  const between = separator === undefined || separator === endOfText ? freeName("[SEP]", known) : undefined;
  const added = [
    ...(between === undefined ? [] : [["sep_token", between] as const]),
    ...(end === undefined ? [] : [["eos_token", end] as const]),
  ];
  if (added.length === 0) return { tokenizer, added: [] };
  const names = added.map(([, name]) => name);
  return { tokenizer: createTokenizer(withTokens(tokenizer, added)), added: names };
}

function withTokens(
  { files, vocabularySize }: Tokenizer,
  added: readonly (readonly [field: string, name: string])[],
): TokenizerFiles {
  const json = files["tokenizer.json"] as { readonly added_tokens?: readonly object[] };
  const tokens = added.map(([, name], place) => addedSpecialToken(name, vocabularySize + place));
  return {
    "tokenizer.json": { ...json, added_tokens: [...(json.added_tokens ?? []), ...tokens] },
    "tokenizer_config.json": { ...files["tokenizer_config.json"], ...Object.fromEntries(added) },
  };
}

/** `[SEP]`, or `[SEP]1` where that is a piece of text. */
function freeName(name: string, known: ReadonlySet<string>): string {
  for (let number = 0; ; number += 1) {
    const tried = number === 0 ? name : `${name}${number}`;
    if (!known.has(tried)) return tried;
  }
}
