/**
 * GPT-2's vocabulary from texts: all bytes, then pairs of neighbouring pieces merged by frequency. No text is unknown to it.
 *
 * Radford et al. 2019, section 2.2, https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf;
 * merges as Hugging Face's BpeTrainer finds them, ties too.
 */
import { UsageError } from "@autodidact/core";
import { BYTE_LETTERS, byteLevelPieces, toByteLetters } from "./byte-level.js";
import { pairMerges } from "./pair-merges.js";
import { addedSpecialToken, checkSpecialTokens, specialTokenFields } from "./special-tokens.js";
import type { TokenizerFiles } from "./tokenizer.js";
import type { TrainerProgress } from "./trainer-progress.js";
import { countWords, type Texts } from "./word-counts.js";

export interface TrainByteBpeOptions {
  /** Pieces in all, the 256 bytes and special tokens too. GPT-2 has 50,257. */
  vocabularySize: number;
  /** `<|endoftext|>` by default. */
  specialTokens?: readonly string[];
  /** A text begins with a space, so that its first word is the same piece as elsewhere. GPT-2 does not. */
  addPrefixSpace?: boolean;
  /** Pairs met fewer times are not merged; 2. */
  minFrequency?: number;
  /** The longest sequence of the model, for tokenizer_config.json; 1,024. */
  maxLength?: number;
  onProgress?: (progress: TrainerProgress) => void;
  signal?: AbortSignal;
}

/** Reads the texts once. */
export async function trainByteBpe(texts: Texts, options: TrainByteBpeOptions): Promise<TokenizerFiles> {
  const { vocabularySize, specialTokens = ["<|endoftext|>"], addPrefixSpace = false } = options;
  const { minFrequency = 2, maxLength = 1024, onProgress, signal } = options;
  checkSpecialTokens("trainByteBpe", specialTokens);
  const pieces = [...new Set([...specialTokens, ...BYTE_LETTERS.toSorted()])];
  if (!(vocabularySize >= pieces.length)) {
    throw new UsageError(
      `trainByteBpe: vocabularySize must be at least ${pieces.length} for 256 bytes and ${specialTokens.length} special tokens, got ${vocabularySize}. Set it higher.`,
    );
  }

  const prefixed = (text: string) => (addPrefixSpace && text !== "" && !text.startsWith(" ") ? ` ${text}` : text);
  const words = await countWords(texts, (text) => byteLevelPieces(prefixed(text)), { onProgress, signal });
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const merged = await pairMerges(pieces, symbolsOf(words, ids), { vocabularySize, minFrequency, onProgress, signal });

  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: specialTokens.map((token) => addedSpecialToken(token, ids.get(token)!)),
      normalizer: null,
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true },
      post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true },
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: bpeModel(merged.pieces, merged.merges),
    },
    "tokenizer_config.json": {
      tokenizer_class: "GPT2TokenizerFast",
      add_prefix_space: addPrefixSpace,
      ...byteBpeTokenFields(specialTokens),
      clean_up_tokenization_spaces: false,
      model_max_length: maxLength,
    },
  };
}

/** The fields of a BPE model as Hugging Face's library writes them. */
export function bpeModel(pieces: readonly string[], merges: readonly (readonly [string, string])[]): object {
  return {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    merges,
  };
}

/** GPT-2's one token is the beginning and the end of a text. */
function byteBpeTokenFields(specialTokens: readonly string[]): object {
  const fields = specialTokenFields(specialTokens);
  const named = Object.values(fields);
  return {
    ...fields,
    ...(fields.eos_token === undefined ? {} : { bos_token: fields.eos_token, unk_token: fields.eos_token }),
    additional_special_tokens: specialTokens.filter((token) => !named.includes(token)),
  };
}

function* symbolsOf(
  words: ReadonlyMap<string, number>,
  ids: ReadonlyMap<string, number>,
): Generator<readonly [number[], number]> {
  for (const [word, count] of words) yield [Array.from(toByteLetters(word), (letter) => ids.get(letter)!), count];
}
