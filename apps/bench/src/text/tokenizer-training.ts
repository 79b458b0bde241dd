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
import { type Command, Option } from "commander";
import type { LiveLine } from "../live-line.js";
import { wholeNumber } from "../option-values.js";
import { grouped } from "../progress.js";

export const TOKENIZER_KINDS = ["wordpiece", "byte-bpe", "characters", "protein", "dna"] as const;
export type TokenizerKind = (typeof TOKENIZER_KINDS)[number];

export interface TokenizerOptions {
  readonly vocabularySize?: number;
  /** False after --no-lowercase. */
  readonly lowercase: boolean;
  /** Residues a token, of protein and dna. */
  readonly kmer: number;
}

/** In a vocabulary where nothing is told; of bytes and words alike. */
const VOCABULARY_SIZE = 8192;

export function addTokenizerOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--vocabulary-size <n>",
        `pieces, special tokens too (default: ${VOCABULARY_SIZE}; all characters)`,
      ).argParser(wholeNumber({ from: 8, to: 1_000_000 })),
    )
    .addOption(new Option("--lowercase", "of wordpiece: É and e are one").default(true))
    .addOption(new Option("--no-lowercase", "of wordpiece: letters as they are"))
    .addOption(
      new Option("--kmer <n>", "of protein and dna: residues a piece").argParser(wholeNumber({ to: 6 })).default(1),
    );
}

/** What the models with masks need. */
const BERT_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

export interface TokenizerTraining extends TokenizerOptions {
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
  const watched = { onProgress, signal };
  switch (kind) {
    case "wordpiece":
      return trainWordPiece(textsOf(documents), {
        vocabularySize: vocabularySize ?? VOCABULARY_SIZE,
        lowercase,
        ...watched,
      });
    case "byte-bpe":
      return trainByteBpe(textsOf(documents), { vocabularySize: vocabularySize ?? VOCABULARY_SIZE, ...watched });
    case "characters":
      return trainCharacters(textsOf(documents), {
        ...(vocabularySize !== undefined && { vocabularySize }),
        ...{ specialTokens: masks ? BERT_TOKENS : [], ...watched },
      });
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
