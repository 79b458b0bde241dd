/**
 * Every character of the texts is a token: nanoGPT's shakespeare-char, https://github.com/karpathy/nanoGPT/blob/master/data/shakespeare_char/prepare.py.
 *
 * As tokenizer.json it is a BPE model that merges nothing, over the whole text, so that spaces and line ends are characters like others.
 */
import { UsageError } from "@autodidact/core";
import { addedSpecialToken, checkSpecialTokens, specialTokenFields } from "./special-tokens.js";
import type { TokenizerFiles } from "./tokenizer.js";
import { bpeModel } from "./train-byte-bpe.js";
import { mostFrequent } from "./train-wordpiece.js";
import type { TrainerProgress } from "./trainer-progress.js";
import { countWords, type Texts } from "./word-counts.js";

export interface TrainCharactersOptions {
  /** Pieces at most, special tokens too: the most frequent characters. All where absent. */
  vocabularySize?: number;
  /** They have the first ids. None by default: the ids are then Python's `sorted(set(text))`. With `[UNK]` other characters are it; without they are left out. */
  specialTokens?: readonly string[];
  /** The longest sequence of the model, for tokenizer_config.json; 1,024. */
  maxLength?: number;
  onProgress?: (progress: TrainerProgress) => void;
  signal?: AbortSignal;
}

/** Reads the texts once. */
export async function trainCharacters(texts: Texts, options: TrainCharactersOptions = {}): Promise<TokenizerFiles> {
  const { vocabularySize = Number.POSITIVE_INFINITY, specialTokens = [] } = options;
  const { maxLength = 1024, onProgress, signal } = options;
  checkSpecialTokens("trainCharacters", specialTokens);
  if (!(vocabularySize > specialTokens.length)) {
    throw new UsageError(
      `trainCharacters: vocabularySize must leave room beside ${specialTokens.length} special tokens, got ${vocabularySize}. Set it higher or leave it out for all characters.`,
    );
  }

  const counts = await countWords(texts, (text) => text, { onProgress, signal });
  const pieces = [...new Set([...specialTokens, ...mostFrequent(counts, vocabularySize - specialTokens.length)])];
  if (pieces.length === specialTokens.length)
    throw new UsageError("trainCharacters: the texts must have characters, and are empty.");

  const fields = specialTokenFields(specialTokens);
  const named = Object.values(fields);
  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: specialTokens.map((token, id) => addedSpecialToken(token, id)),
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: "Fuse" },
      model: { ...bpeModel(pieces, []), unk_token: fields.unk_token ?? null },
    },
    "tokenizer_config.json": {
      tokenizer_class: "PreTrainedTokenizerFast",
      ...fields,
      additional_special_tokens: specialTokens.filter((token) => !named.includes(token)),
      clean_up_tokenization_spaces: false,
      model_max_length: maxLength,
    },
  };
}
