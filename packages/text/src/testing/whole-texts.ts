/**
 * Ids that Hugging Face's tokenizers give whole texts, written by tools/oracles/whole_text_oracles.py.
 */
import { readFileSync } from "node:fs";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

interface Oracle {
  readonly json: object;
  readonly ids: Readonly<Record<string, readonly number[]>>;
  readonly long: { readonly tokens: number; readonly sha256: string };
  /** tokenizer.json's `added_tokens`, other than those of `json`. */
  readonly added: readonly object[];
  /** Special tokens are text, or read. */
  readonly addedIds: readonly (readonly number[])[];
  readonly specialIds: readonly (readonly number[])[];
}

interface WholeTexts {
  readonly texts: Readonly<Record<string, string>>;
  readonly addedTexts: readonly string[];
  readonly longLength: number;
  readonly tokenizers: Readonly<Record<string, Oracle>>;
}

export const wholeTexts: WholeTexts = JSON.parse(
  readFileSync(new URL("../oracles/whole-texts.json", import.meta.url), "utf8"),
);

/** One of the tokenizers, with other added tokens where they are given. */
export function wholeTextTokenizer(name: string, added?: readonly object[]): Tokenizer {
  const { json } = wholeTexts.tokenizers[name]!;
  return createTokenizer({
    "tokenizer.json": { ...json, ...(added && { added_tokens: added }) },
    "tokenizer_config.json": {},
  });
}

/** All texts again and again: longer than what is encoded at once. */
export function longText(): string {
  const { texts, longLength } = wholeTexts;
  const whole = [...Object.values(texts).join(" ")];
  return Array.from({ length: longLength }, (_, place) => whole[place % whole.length]).join("");
}
