/**
 * Text between added tokens to ids: the stages of a tokenizer.json before the model done here where the library is slow or other than
 * Hugging Face's Rust library.
 *
 * The model itself, and any pipeline not known here, is the work of @huggingface/tokenizers.
 */
import type { Tokenizer as Library } from "@huggingface/tokenizers";
import { type BertNormalization, bertWords, cut, normalize as normalizeAsBert, RUN } from "./bert-words.js";
import { byteLevelPieces, toByteLetters } from "./byte-level.js";
import { knowsPatterns, RESIDUE_PATTERN } from "./pattern-guard.js";
import { pieceIds } from "./piece-ids.js";
import type { Row } from "./row.js";
import { stagesOf } from "./stages.js";
import type { Stage, TokenizerJson } from "./tokenizer-json.js";

/** Where a section stands in a text. */
export interface Standing {
  /** Its place. */
  readonly at: number;
  /** Whether it is the first of a text, after no token: nothing stands before it. */
  readonly isFirst: boolean;
  /** False where it goes on text that was read before: no space is put before it. */
  readonly begins: boolean;
}

export interface SectionEncoder {
  /** What is done with a text before tokens are looked for that are spelled as normalized. */
  normalize(text: string, standing: Standing): string;
  /** Appends the ids of a normalized section. */
  append(text: string, standing: Standing, to: Row): void;
}

/** `library` is made of the same json without added tokens; `keepsStages`: some are looked for in normalized text. */
export function sectionEncoder(json: TokenizerJson, library: Library, keepsStages: boolean): SectionEncoder {
  const { normalizer, pre_tokenizer, model } = json;
  if (normalizer?.type === "BertNormalizer" && pre_tokenizer?.type === "BertPreTokenizer") {
    const normalization = bertNormalization(normalizer);
    return keepsStages ? normalizedBertEncoder(normalization, library) : bertEncoder(normalization, library);
  }
  if (normalizer === null && isByteLevel(pre_tokenizer)) {
    return byteLevelEncoder(pre_tokenizer?.add_prefix_space !== false, library);
  }
  if (normalizer === null && pre_tokenizer === null && isCharacters(model)) {
    return patternEncoder(/[\s\S]/gu, (text) => text, library);
  }
  const residues = residuePattern(json);
  if (residues !== undefined)
    return patternEncoder(residues, (text) => library.normalizer?._call(text) ?? text, library);
  return libraryEncoder(json, library);
}

const asItIs = (text: string) => text;

function bertEncoder(normalization: BertNormalization, library: Library): SectionEncoder {
  const words = pieceIds((word) => modelIds(library, [word]));
  const runs = pieceIds((run) => {
    const ids: number[] = [];
    for (const word of bertWords(run, normalization)) words.append(word, ids);
    return ids;
  });
  return {
    normalize: asItIs, // run by run, so that one met before is looked up
    append(text, { at }, to) {
      for (const { 0: run, index } of text.matchAll(RUN)) {
        to.begin(at + index);
        runs.append(run, to.ids);
      }
    },
  };
}

function normalizedBertEncoder(normalization: BertNormalization, library: Library): SectionEncoder {
  const words = pieceIds((word) => modelIds(library, [word]));
  return {
    normalize: (text) => normalizeAsBert(text, normalization),
    append(text, _, to) {
      to.loseWay();
      for (const word of cut(text)) words.append(word, to.ids);
    },
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

function byteLevelEncoder(addPrefixSpace: boolean, library: Library): SectionEncoder {
  const pieces = pieceIds((piece) => modelIds(library, [toByteLetters(piece)]));
  return {
    normalize: asItIs,
    append(text, { at, begins }, to) {
      const isPrefixed = addPrefixSpace && begins && !text.startsWith(" ");
      let place = isPrefixed ? at - 1 : at;
      for (const piece of byteLevelPieces(isPrefixed ? ` ${text}` : text)) {
        to.begin(Math.max(at, place));
        pieces.append(piece, to.ids);
        place += piece.length;
      }
    },
  };
}

function isByteLevel(stage: Stage | null): boolean {
  return stage?.type === "ByteLevel" && stage.use_regex !== false;
}

/** A BPE model that merges nothing. */
function isCharacters({ type, merges, fuse_unk, byte_fallback, ignore_merges }: TokenizerJson["model"]): boolean {
  return type === "BPE" && merges?.length === 0 && !fuse_unk && !byte_fallback && !ignore_merges;
}

/** What a pattern matches is a word each. */
function patternEncoder(pattern: RegExp, normalize: (text: string) => string, library: Library): SectionEncoder {
  const words = pieceIds((word) => modelIds(library, [word]));
  return {
    normalize,
    append(text, { at }, to) {
      for (const { 0: word, index } of text.matchAll(pattern)) {
        to.begin(at + index);
        words.append(word, to.ids);
      }
    },
  };
}

/** The pattern of a `residueVocabulary`: it leaves no character out, so that what it matches is what Split isolates. */
function residuePattern({ normalizer, pre_tokenizer, model }: TokenizerJson): RegExp | undefined {
  const { Regex } = (pre_tokenizer?.pattern ?? {}) as { Regex?: unknown };
  const isSplit = pre_tokenizer?.type === "Split" && pre_tokenizer.behavior === "Isolated" && !pre_tokenizer.invert;
  const isKnown = typeof Regex === "string" && RESIDUE_PATTERN.test(Regex) && knowsPatterns([normalizer]);
  return isSplit && isKnown && model.type === "WordLevel" ? new RegExp(Regex, "gu") : undefined;
}

function libraryEncoder(json: TokenizerJson, library: Library): SectionEncoder {
  const { normalize, words } = stagesOf(json, library);
  const known = pieceIds((word) => modelIds(library, [word]));
  return {
    normalize,
    append(text, standing, to) {
      to.loseWay();
      for (const word of words(text, standing)) known.append(word, to.ids);
    },
  };
}

/** The ids of words; none where a word is unknown and nothing stands for unknown ones. */
function modelIds(library: Library, words: string[]): number[] {
  const model = library.model!;
  const pieces: string[] = model._call(words);
  return pieces.flatMap((piece) => model.tokens_to_ids.get(piece) ?? model.unk_token_id ?? []);
}
