/**
 * A tokenizer from documents, of one of the kinds there are.
 */
import {
  type Documents,
  residueVocabulary,
  type TokenizerFiles,
  type TrainerProgress,
  trainByteBpe,
  trainCharacters,
  trainWordPiece,
} from "@autodidact/text";
import type { LiveLine } from "../live-line.js";
import { grouped } from "../progress.js";
import { type Filled, flag, whole } from "../typed-option.js";

export const TOKENIZER_KINDS = ["wordpiece", "byte-bpe", "characters", "protein", "dna"] as const;
export type TokenizerKind = (typeof TOKENIZER_KINDS)[number];

/** The pieces of a vocabulary where nothing is told, of bytes and words alike. */
const VOCABULARY_SIZE = 8192;

export const tokenizerOptions = {
  vocabularySize: whole("pieces, special tokens too", {
    from: 8,
    to: 1_000_000,
    usually: `${VOCABULARY_SIZE}; all characters`,
  }),
  lowercase: flag("of wordpiece: letters as they are; else É and e are one", { usual: true }),
  kmer: whole(1, "of protein and dna: residues a piece", { to: 6 }),
};

/** What the models with masks need. */
const BERT_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

export interface TokenizerTraining extends Filled<typeof tokenizerOptions> {
  readonly kind: TokenizerKind;
  /** Whether characters come with the tokens of models that mask. */
  readonly masks: boolean;
  readonly line: LiveLine;
  readonly signal: AbortSignal;
}

/** Reads all documents once; residues need none. */
export async function trainTokenizer(documents: Documents, training: TokenizerTraining): Promise<TokenizerFiles> {
  const { kind, vocabularySize, lowercase, kmer, masks, line, signal } = training;
  const onProgress = (progress: TrainerProgress) => line.show(describe(progress, kind, documents.bytes));
  const texts = textsOf(documents);
  const size = vocabularySize ?? VOCABULARY_SIZE;
  switch (kind) {
    case "wordpiece":
      return trainWordPiece(texts, { vocabularySize: size, lowercase, onProgress, signal });
    case "byte-bpe":
      return trainByteBpe(texts, { vocabularySize: size, onProgress, signal });
    case "characters":
      return trainCharacters(texts, { vocabularySize, specialTokens: masks ? BERT_TOKENS : [], onProgress, signal });
    default:
      return residueVocabulary({ alphabet: kind, kmer });
  }
}

async function* textsOf(documents: Documents): AsyncGenerator<string> {
  for await (const { text } of documents) yield text;
}

function describe(progress: TrainerProgress, kind: TokenizerKind, bytes: number): string {
  if (progress.stage === "merging") {
    return `tokenizer: ${grouped(progress.vocabularySize)} of ${grouped(progress.wanted)} pieces`;
  }
  const share = Math.min(99, Math.floor((100 * progress.characters) / Math.max(1, bytes)));
  return `tokenizer: ${grouped(progress.words)} different ${kind === "characters" ? kind : "words"}, ${share} % of the text`;
}
