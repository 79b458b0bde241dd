/**
 * Which tokens of a vocabulary are not text, and what each is for.
 */
import type { SpecialIds } from "./tokenizer.js";

/** What tokenizer_config.json calls each, and its usual names, the first found counting. */
const ROLES = {
  pad: ["pad_token", ["[PAD]", "<pad>"]],
  unknown: ["unk_token", ["[UNK]", "<unk>"]],
  classification: ["cls_token", ["[CLS]", "<s>"]],
  separator: ["sep_token", ["[SEP]", "</s>"]],
  mask: ["mask_token", ["[MASK]", "<mask>"]],
  endOfText: ["eos_token", ["<|endoftext|>", "</s>"]],
} as const satisfies Record<keyof SpecialIds, readonly [field: string, names: readonly string[]]>;

/** `idOf` knows the whole vocabulary, `added` only what is special. */
export function specialIds(
  config: Readonly<Record<string, unknown>>,
  idOf: ReadonlyMap<string, number>,
  added: ReadonlySet<number>,
): SpecialIds {
  const find = ([field, names]: (typeof ROLES)[keyof SpecialIds]) => {
    const said = tokenText(config[field]);
    if (said !== undefined) return idOf.get(said);
    const usual = names.find((name) => added.has(idOf.get(name) ?? -1));
    return usual === undefined ? undefined : idOf.get(usual);
  };
  return Object.fromEntries(Object.entries(ROLES).map(([role, names]) => [role, find(names)]));
}

/** Fields of tokenizer_config.json for special tokens with usual names: `{ pad_token: "[PAD]" }`. */
export function specialTokenFields(tokens: readonly string[]): Record<string, string> {
  const fields = Object.values(ROLES).flatMap(([field, names]) => {
    const name = tokens.find((token) => token === names[0]);
    return name === undefined ? [] : [[field, name] as const];
  });
  return Object.fromEntries(fields);
}

/** A token is written as its text or as `{ "content": … }`. */
export function tokenText(token: unknown): string | undefined {
  if (typeof token === "string") return token;
  if (typeof token === "object" && token !== null && "content" in token && typeof token.content === "string") {
    return token.content;
  }
  return undefined;
}

/** An entry of tokenizer.json's `added_tokens`. */
export function addedSpecialToken(content: string, id: number): object {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** Refuses what no vocabulary can hold: empty or repeated tokens. */
export function checkSpecialTokens(who: string, tokens: readonly string[]): void {
  const wrong = tokens.find((token, i) => token === "" || tokens.indexOf(token) !== i);
  if (wrong === undefined) return;
  throw new Error(`${who}: special tokens must be different and not empty, got ${JSON.stringify(tokens)}.`);
}
