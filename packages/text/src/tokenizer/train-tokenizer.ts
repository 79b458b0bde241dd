/**
 * A tokenizer from documents, of one of the kinds there are.
 */
import { grouped } from "@autodidact/core";
import type { Documents } from "../documents/documents.js";
import { residueVocabulary } from "./residue-vocabulary.js";
import type { TokenizerFiles } from "./tokenizer.js";
import { trainByteBpe } from "./train-byte-bpe.js";
import { trainCharacters } from "./train-characters.js";
import { trainWordPiece } from "./train-wordpiece.js";
import type { TrainerProgress } from "./trainer-progress.js";

export const tokenizerKinds = ["wordpiece", "byte-bpe", "characters", "protein", "dna"] as const;
export type TokenizerKind = (typeof tokenizerKinds)[number];

/** The pieces of a vocabulary where nothing is told, of bytes and words alike. */
export const VOCABULARY_SIZE = 8192;

/** What the models with masks need. */
const BERT_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

export interface TrainTokenizerOptions {
  readonly kind: TokenizerKind;
  /** 8192 unless told; of characters all. */
  readonly vocabularySize?: number | undefined;
  /** Of wordpiece: É and e are one. */
  readonly lowercase?: boolean | undefined;
  /** Of protein and dna: residues a piece; 1 unless told. */
  readonly kmer?: number | undefined;
  /** Whether characters come with the tokens of models that mask. */
  readonly masks?: boolean | undefined;
  /** What is being done now. */
  show?(text: string): void;
  readonly signal?: AbortSignal | undefined;
}

/** Reads all documents once; residues need none. */
export async function trainTokenizer(documents: Documents, options: TrainTokenizerOptions): Promise<TokenizerFiles> {
  const { kind, vocabularySize, lowercase, kmer, masks = true, show, signal } = options;
  const onProgress = (progress: TrainerProgress) => show?.(describe(progress, kind, documents.bytes));
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
