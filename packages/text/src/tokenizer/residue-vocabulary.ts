/**
 * Vocabularies for proteins and DNA: fixed, nothing is trained.
 *
 * k-mers do not overlap, as in Nucleotide Transformer (Dalla-Torre et al. 2023, https://doi.org/10.1101/2023.01.11.523679): from the left, k
 * residues make a token; where fewer than k are left, or one is not of the plain alphabet (N, X …), residues stand alone. DNABERT's overlap
 * (Ji et al. 2021): a masked one could be read off its neighbours. Single amino acids are ESM's tokens.
 */
import { addedSpecialToken, specialTokenFields } from "./special-tokens.js";
import type { TokenizerFiles } from "./tokenizer.js";
import { BERT_SPECIAL_TOKENS, bertTemplate } from "./train-wordpiece.js";

export interface ResidueVocabularyOptions {
  alphabet: "protein" | "dna";
  /** Residues a token: 1 to 6 for DNA, 1 to 3 for proteins (20³ = 8,000 tokens). 1. */
  kmer?: number;
  /** The longest sequence of the model, for tokenizer_config.json; 512. */
  maxLength?: number;
}

/** Letters of IUPAC: plain ones make k-mers, the others stand alone. */
const ALPHABETS = {
  protein: { plain: "ACDEFGHIKLMNPQRSTVWY", others: "BJOUXZ*-", maxKmer: 3 },
  dna: { plain: "ACGT", others: "N", maxKmer: 6 },
} as const;

/** Lower-case letters (soft-masked repeats) are read as upper case, white space is left out, any other character is [UNK]. */
export function residueVocabulary(options: ResidueVocabularyOptions): TokenizerFiles {
  const { alphabet, kmer = 1, maxLength = 512 } = options;
  const { plain, others, maxKmer } = ALPHABETS[alphabet];
  if (!Number.isInteger(kmer) || kmer < 1 || kmer > maxKmer) {
    throw new RangeError(
      `residueVocabulary: kmer must be a whole number from 1 to ${maxKmer} for ${alphabet}, got ${kmer}.`,
    );
  }
  const single = [...plain, ...others];
  const kmers = kmer === 1 ? [] : allWords([...plain], kmer);
  const pieces = [...BERT_SPECIAL_TOKENS, ...single, ...kmers];
  const isolated = (regex: string) => ({
    type: "Split",
    pattern: { Regex: regex },
    behavior: "Isolated",
    invert: false,
  });

  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: BERT_SPECIAL_TOKENS.map((token, id) => addedSpecialToken(token, id)),
      normalizer: { type: "Sequence", normalizers: [replaced({ Regex: "\\s" }, ""), ...single.flatMap(upperCased)] },
      pre_tokenizer: isolated(kmer === 1 ? "[\\s\\S]" : `[${plain}]{${kmer}}|[\\s\\S]`),
      post_processor: bertTemplate(pieces.indexOf("[CLS]"), pieces.indexOf("[SEP]")),
      decoder: { type: "Fuse" },
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
        unk_token: "[UNK]",
      },
    },
    "tokenizer_config.json": {
      tokenizer_class: "PreTrainedTokenizerFast",
      ...specialTokenFields(BERT_SPECIAL_TOKENS),
      clean_up_tokenization_spaces: false,
      model_max_length: maxLength,
    },
  };
}

/** The words in the order of the letters: AA, AC, AG … */
function allWords(letters: readonly string[], length: number): string[] {
  if (length === 0) return [""];
  return allWords(letters, length - 1).flatMap((start) => letters.map((letter) => start + letter));
}

function upperCased(letter: string): object[] {
  const lower = letter.toLowerCase();
  return lower === letter ? [] : [replaced({ String: lower }, letter)];
}

function replaced(pattern: object, content: string): object {
  return { type: "Replace", pattern, content };
}
