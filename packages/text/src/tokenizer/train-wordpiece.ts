/**
 * BERT's vocabulary from texts: pairs of neighbouring pieces merged by frequency, pieces inside a word written with `##`.
 *
 * Devlin et al. 2019, https://arxiv.org/abs/1810.04805; trained as Hugging Face's WordPieceTrainer does. It numbers the `##` characters in
 * the order of a hash table, so its ties fall otherwise at each run; here they are numbered by code point.
 */
import { UsageError } from "@autodidact/core";
import { type BertNormalization, bertWords, RUN } from "./bert-words.js";
import { pairMerges } from "./pair-merges.js";
import { addedSpecialToken, checkSpecialTokens, specialTokenFields } from "./special-tokens.js";
import type { TokenizerFiles } from "./tokenizer.js";
import type { TrainerProgress } from "./trainer-progress.js";
import { countWords, type Texts } from "./word-counts.js";

export interface TrainWordPieceOptions {
  /** Pieces in all, special tokens too. BERT has 30,522. */
  vocabularySize: number;
  /** Letters become small, as in bert-base-uncased; the default. */
  lowercase?: boolean;
  /** É becomes E; as `lowercase` where it is not said. */
  stripAccents?: boolean;
  /** Further ones, after [PAD], [UNK], [CLS], [SEP] and [MASK]. */
  specialTokens?: readonly string[];
  /** Pairs met fewer times are not merged; 2. */
  minFrequency?: number;
  /** So many characters, the most frequent; words with others are unknown. 1,000. */
  limitAlphabet?: number;
  /** The longest sequence of the model, for tokenizer_config.json; 512. */
  maxLength?: number;
  onProgress?: (progress: TrainerProgress) => void;
  signal?: AbortSignal;
}

/** Reads the texts once. */
export async function trainWordPiece(texts: Texts, options: TrainWordPieceOptions): Promise<TokenizerFiles> {
  const { vocabularySize, lowercase = true, stripAccents = lowercase, specialTokens = [] } = options;
  const { minFrequency = 2, limitAlphabet = 1000, maxLength = 512, onProgress, signal } = options;
  const special = [...BERT_SPECIAL_TOKENS, ...specialTokens];
  checkSpecialTokens("trainWordPiece", special);
  const normalization = { cleanText: true, splitChinese: true, lowercase, stripAccents };

  const runs = await countWords(texts, (text) => text.match(RUN) ?? [], { onProgress, signal });
  const words = wordsOfRuns(runs, normalization);
  const alphabet = mostFrequent(characterCounts(words), limitAlphabet);
  const inner = alphabet.filter(insideWords(words)).map((character) => PREFIX + character);
  const pieces = [...new Set([...special, ...alphabet, ...inner])];
  if (!(vocabularySize >= pieces.length)) {
    throw new UsageError(
      `trainWordPiece: vocabularySize must be at least ${pieces.length} for ${special.length} special tokens, ${alphabet.length} characters and ${inner.length} of them inside words, got ${vocabularySize}. Set it higher or limitAlphabet lower.`,
    );
  }

  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const merged = await pairMerges(pieces, symbolsOf(words, ids), {
    vocabularySize,
    minFrequency,
    continuingPrefix: PREFIX,
    onProgress,
    signal,
  });
  return wordPieceFiles(merged.pieces, special, normalization, maxLength);
}

export const BERT_SPECIAL_TOKENS: readonly string[] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const PREFIX = "##";

function wordsOfRuns(runs: ReadonlyMap<string, number>, normalization: BertNormalization): Map<string, number> {
  const words = new Map<string, number>();
  for (const [run, count] of runs) {
    for (const word of bertWords(run, normalization)) words.set(word, (words.get(word) ?? 0) + count);
  }
  return words;
}

export function characterCounts(words: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  return counts;
}

/** The most frequent characters, by code point; of those equally frequent the smaller is kept. */
export function mostFrequent(counts: ReadonlyMap<string, number>, limit: number): string[] {
  const byCodePoint = ([a]: readonly [string, number], [b]: readonly [string, number]) =>
    a.codePointAt(0)! - b.codePointAt(0)!;
  return [...counts]
    .sort((a, b) => b[1] - a[1] || byCodePoint(a, b))
    .slice(0, limit)
    .sort(byCodePoint)
    .map(([character]) => character);
}

/** Whether a character comes anywhere but as the first of a word. */
function insideWords(words: ReadonlyMap<string, number>): (character: string) => boolean {
  const inside = new Set<string>();
  for (const word of words.keys()) {
    for (const character of Array.from(word).slice(1)) inside.add(character);
  }
  return (character) => inside.has(character);
}

/** Characters beyond the alphabet are left out, as Hugging Face's trainer does. */
function* symbolsOf(
  words: ReadonlyMap<string, number>,
  ids: ReadonlyMap<string, number>,
): Generator<readonly [number[], number]> {
  for (const [word, count] of words) {
    const symbols = Array.from(word, (character, i) => ids.get(i === 0 ? character : PREFIX + character));
    yield [symbols.filter((id) => id !== undefined), count];
  }
}

function wordPieceFiles(
  pieces: readonly string[],
  special: readonly string[],
  normalization: BertNormalization,
  maxLength: number,
): TokenizerFiles {
  const { lowercase, stripAccents } = normalization;
  const idOf = (token: string) => pieces.indexOf(token);
  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: special.map((token) => addedSpecialToken(token, idOf(token))),
      normalizer: {
        type: "BertNormalizer",
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: stripAccents,
        lowercase,
      },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: bertTemplate(idOf("[CLS]"), idOf("[SEP]")),
      decoder: { type: "WordPiece", prefix: PREFIX, cleanup: true },
      model: {
        type: "WordPiece",
        unk_token: "[UNK]",
        continuing_subword_prefix: PREFIX,
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      },
    },
    "tokenizer_config.json": {
      tokenizer_class: "BertTokenizerFast",
      do_lower_case: lowercase,
      strip_accents: stripAccents,
      tokenize_chinese_chars: true,
      ...specialTokenFields(special),
      additional_special_tokens: special.slice(BERT_SPECIAL_TOKENS.length),
      clean_up_tokenization_spaces: true,
      model_max_length: maxLength,
    },
  };
}

/** [CLS] a [SEP], or [CLS] a [SEP] b [SEP], for libraries that add special tokens themselves. */
export function bertTemplate(classification: number, separator: number): object {
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)];
  const entry = (id: string, number: number) => [id, { id, ids: [number], tokens: [id] }];
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, sequence("B", 1), special("[SEP]", 1)],
    special_tokens: Object.fromEntries([entry("[CLS]", classification), entry("[SEP]", separator)]),
  };
}
