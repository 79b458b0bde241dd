/**
 * A tokenizer from its two files.
 */
import { Tokenizer as Library } from "@huggingface/tokenizers";
import { marksContinuations } from "./continues-word.js";
import { encodingOf } from "./encoding.js";
import { patternGuard } from "./pattern-guard.js";
import { specialIds, tokenText } from "./special-tokens.js";
import { asRustReads } from "./stages.js";
import type { Tokenizer, TokenizerFiles } from "./tokenizer.js";
import { type AddedToken, checkTokenizerFiles, type TokenizerConfig, type TokenizerJson } from "./tokenizer-json.js";

/** The files are checked, and patterns in them that take too long are broken off: they may come from anywhere. */
export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const { json, config } = checkTokenizerFiles(files);
  const pieces = piecesOf(json);
  const idOf = new Map(pieces.map((piece, id) => [piece, id]));
  const special = specialSet(json, config, idOf);

  // The library gets no special tokens, which it would read in the text; their ids stay in the vocabulary.
  const library = libraryOf(
    { ...json, added_tokens: json.added_tokens.filter((token) => !special.has(token.id)) },
    config,
  );
  forgetAdded(library, json);
  const encode = encodingOf(json, library, addedOf(json, special, pieces));
  const guarded = patternGuard([json.decoder]);

  return {
    vocabularySize: pieces.length,
    special: specialIds(config, idOf, special),
    encode: (text) => new Int32Array(encode(text.toWellFormed(), { begins: true, readsSpecial: false }).ids),
    encodeText(text, { begins = true, readsSpecial = false } = {}) {
      const made = encode(text.toWellFormed(), { begins, readsSpecial });
      return { ids: new Int32Array(made.ids), places: made.places() };
    },
    decode(ids) {
      const text = Array.from(ids).filter((id) => !special.has(id));
      for (const id of text) checkId(id, pieces.length);
      if (text.length === 0) return "";
      return guarded(text.length, () => library.decode(text, { clean_up_tokenization_spaces: false }));
    },
    piece(id) {
      checkId(id, pieces.length);
      return pieces[id]!;
    },
    continuesWord: marksContinuations(json, pieces, special),
    isSpecial: Uint8Array.from(pieces, (_, id) => Number(special.has(id))),
    files,
  };
}

/** The pieces by id; empty where no piece has the id. */
function piecesOf({ model: { vocab }, added_tokens }: TokenizerJson): string[] {
  const entries: [string, number][] = Array.isArray(vocab)
    ? vocab.map(([piece], id) => [piece, id])
    : Object.entries(vocab as Record<string, number>);
  for (const { content, id } of added_tokens) entries.push([content, id]);

  const last = entries.reduce((highest, [, id]) => Math.max(highest, id), -1);
  if (last >= 2 * entries.length) {
    throw new Error(
      `createTokenizer: ids of tokenizer.json must follow each other, got ${entries.length} pieces and the id ${last}.`,
    );
  }
  const pieces = new Array<string>(last + 1).fill("");
  for (const [piece, id] of entries) pieces[id] = piece;
  return pieces;
}

/** What tokenizer.json calls special, and what tokenizer_config.json names. */
function specialSet(json: TokenizerJson, config: TokenizerConfig, idOf: ReadonlyMap<string, number>): Set<number> {
  const fields = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"].map((role) => tokenText(config[`${role}_token`]));
  const named = [...fields, json.model.unk_token].flatMap((token) => (token == null ? [] : (idOf.get(token) ?? [])));
  return new Set([...json.added_tokens.filter((token) => token.special).map((token) => token.id), ...named]);
}

/** The tokens that are looked for in a text: those of tokenizer.json, and what tokenizer_config.json calls special. */
function addedOf(json: TokenizerJson, special: ReadonlySet<number>, pieces: readonly string[]): AddedToken[] {
  const told = new Set(json.added_tokens.map(({ id }) => id));
  const plain = { special: true, single_word: false, lstrip: false, rstrip: false, normalized: false };
  const named = [...special].filter((id) => !told.has(id)).map((id) => ({ id, content: pieces[id]!, ...plain }));
  return [...json.added_tokens.map((token) => ({ ...token, special: special.has(token.id) })), ...named];
}

function libraryOf(json: TokenizerJson, config: TokenizerConfig): Library {
  const unknown = json.model.unk_token ?? undefined;
  try {
    return new Library(
      { ...json, pre_tokenizer: asRustReads(json.pre_tokenizer), post_processor: null },
      { ...config, additional_special_tokens: [], unk_token: tokenText(config.unk_token) ?? unknown },
    );
  } catch (error) {
    throw new Error(
      `createTokenizer: @huggingface/tokenizers must be able to read tokenizer.json, and cannot: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

/** The library lets its model find added tokens inside words; they are taken out of the text before. */
function forgetAdded(library: Library, { added_tokens, model: { vocab } }: TokenizerJson): void {
  const known = new Map(Array.isArray(vocab) ? vocab.map(([piece], id) => [piece, id]) : Object.entries(vocab));
  const ids = library.model!.tokens_to_ids;
  for (const { content } of added_tokens) {
    const own = known.get(content);
    if (own === undefined) ids.delete(content);
    else ids.set(content, own);
  }
}

function checkId(id: number, vocabularySize: number): void {
  if (Number.isInteger(id) && id >= 0 && id < vocabularySize) return;
  throw new RangeError(`tokenizer: an id must be in 0 … ${vocabularySize - 1}, got ${id}.`);
}
