/**
 * Text to ids: the stages of a tokenizer.json before the model done here where the library is slow or other than Hugging Face's Rust library.
 *
 * The model itself, and any pipeline not known here, is the work of @huggingface/tokenizers.
 */
import type { Tokenizer as Library } from "@huggingface/tokenizers";
import { type BertNormalization, bertWords, RUN } from "./bert-words.js";
import { byteLevelPieces, toByteLetters } from "./byte-level.js";
import { knowsPatterns, patternGuard, RESIDUE_PATTERN } from "./pattern-guard.js";
import { pieceIds } from "./piece-ids.js";
import { holdsStage, type Stage, type TokenizerJson } from "./tokenizer-json.js";

export type Encode = (text: string) => ArrayLike<number>;

/** `library` is made of the same json without special tokens. */
export function encoderOf(json: TokenizerJson, library: Library): Encode {
  const hasAdded = json.added_tokens.some((token) => !token.special);
  if (!hasAdded && json.normalizer?.type === "BertNormalizer" && json.pre_tokenizer?.type === "BertPreTokenizer") {
    return bertEncoder(bertNormalization(json.normalizer), library);
  }
  if (!hasAdded && json.normalizer === null && isByteLevel(json.pre_tokenizer)) {
    return byteLevelEncoder(json.pre_tokenizer?.add_prefix_space !== false, library);
  }
  if (!hasAdded && json.normalizer === null && json.pre_tokenizer === null && isCharacters(json.model)) {
    return characterEncoder(library);
  }
  const residues = hasAdded ? undefined : residuePattern(json);
  return residues === undefined ? libraryEncoder(json, library) : residueEncoder(residues, library);
}

function bertEncoder(normalization: BertNormalization, library: Library): Encode {
  const words = pieceIds((word) => modelIds(library, [word]));
  const runs = pieceIds((run) => {
    const ids: number[] = [];
    for (const word of bertWords(run, normalization)) words.append(word, ids);
    return ids;
  });
  return (text) => {
    const ids: number[] = [];
    for (const run of text.match(RUN) ?? []) runs.append(run, ids);
    return ids;
  };
}

/** The library's names; what a file does not say is as in its code. */
function bertNormalization(stage: Stage): BertNormalization {
  const lowercase = stage.lowercase !== false;
  return {
    cleanText: stage.clean_text !== false,
    splitChinese: stage.handle_chinese_chars !== false,
    lowercase,
    stripAccents: typeof stage.strip_accents === "boolean" ? stage.strip_accents : lowercase,
  };
}

function byteLevelEncoder(addPrefixSpace: boolean, library: Library): Encode {
  const pieces = pieceIds((piece) => modelIds(library, [toByteLetters(piece)]));
  return (text) => {
    const ids: number[] = [];
    const prefixed = addPrefixSpace && text !== "" && !text.startsWith(" ") ? ` ${text}` : text;
    for (const piece of byteLevelPieces(prefixed)) pieces.append(piece, ids);
    return ids;
  };
}

function isByteLevel(stage: Stage | null): boolean {
  return stage?.type === "ByteLevel" && stage.use_regex !== false;
}

function characterEncoder(library: Library): Encode {
  const characters = pieceIds((character) => modelIds(library, [character]));
  return (text) => {
    const ids: number[] = [];
    for (const character of text) characters.append(character, ids);
    return ids;
  };
}

/** A BPE model that merges nothing. */
function isCharacters({ type, merges, fuse_unk, byte_fallback, ignore_merges }: TokenizerJson["model"]): boolean {
  return type === "BPE" && merges?.length === 0 && !fuse_unk && !byte_fallback && !ignore_merges;
}

function residueEncoder(pattern: RegExp, library: Library): Encode {
  const residues = pieceIds((residue) => modelIds(library, [residue]));
  return (text) => {
    const ids: number[] = [];
    const normalized: string = library.normalizer?._call(text) ?? text;
    for (const residue of normalized.match(pattern) ?? []) residues.append(residue, ids);
    return ids;
  };
}

/** The pattern of a `residueVocabulary`: it leaves no character out, so that what it matches is what Split isolates. */
function residuePattern({ normalizer, pre_tokenizer, model }: TokenizerJson): RegExp | undefined {
  const { Regex } = (pre_tokenizer?.pattern ?? {}) as { Regex?: unknown };
  const isSplit = pre_tokenizer?.type === "Split" && pre_tokenizer.behavior === "Isolated" && !pre_tokenizer.invert;
  const isKnown = typeof Regex === "string" && RESIDUE_PATTERN.test(Regex) && knowsPatterns([normalizer]);
  return isSplit && isKnown && model.type === "WordLevel" ? new RegExp(Regex, "gu") : undefined;
}

function libraryEncoder(json: TokenizerJson, library: Library): Encode {
  const guarded = patternGuard([json.normalizer, json.pre_tokenizer]);
  const isLowered = holdsStage(json.normalizer, "Lowercase") || holdsStage(json.normalizer, "BertNormalizer");
  return (text) => {
    const read = isLowered ? text.replaceAll("Σ", "σ") : text; // the library would make it ς at the end of a word
    const { ids } = guarded(text.length, () => library.encode(read, { add_special_tokens: false }));
    return (ids as (number | undefined)[]).filter((id) => id !== undefined); // a word that is unknown where nothing stands for unknown ones
  };
}

function modelIds(library: Library, words: string[]): number[] {
  const model = library.model!;
  const pieces: string[] = model._call(words);
  return pieces.flatMap((piece) => model.tokens_to_ids.get(piece) ?? model.unk_token_id ?? []);
}
