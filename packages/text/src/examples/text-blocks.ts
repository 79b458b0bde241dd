/**
 * Blocks of consecutive tokens for a masked model, RoBERTa's two ways (Liu et al. 2019, https://arxiv.org/abs/1907.11692, section 4.2).
 */
import type { Dataset } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import type { TextBlock } from "./examples.js";
import { growingNumbers } from "./growing-numbers.js";
import { joinedDocuments } from "./joined-documents.js";

export interface TextBlocksOptions {
  /** The length of a sequence with [CLS] and [SEP]: a block has at most two tokens less. */
  length: number;
  /**
   * True: full blocks, across sentences and documents (FULL-SENTENCES, cut without regard to sentences); a last, shorter one is left out.
   * False: whole sentences of one document (DOC-SENTENCES), of different lengths. True unless told.
   */
  packed?: boolean;
  /** Packed: the last, shorter block is there too; false unless told. */
  every?: boolean;
  /** Packed: put between documents. They follow each other directly unless told. */
  separator?: number;
}

export function textBlocks(corpus: Corpus, options: TextBlocksOptions): Dataset<TextBlock> {
  const { length, packed = true, separator, every = false } = options;
  if (!Number.isInteger(length) || length < 3)
    throw new RangeError(`textBlocks: length must be a whole number from 3, got ${length}.`);
  if (corpus.tokens === 0) throw new RangeError("textBlocks: the corpus must have tokens, got none.");
  return packed ? packedBlocks(corpus, length - 2, { separator, every }) : documentBlocks(corpus, length - 2);
}

function packedBlocks(
  corpus: Corpus,
  size: number,
  { separator, every }: Pick<TextBlocksOptions, "separator" | "every">,
): Dataset<TextBlock> {
  const row = joinedDocuments(corpus, separator);
  const name = corpus.hash.slice(-12);
  const endOf = (index: number) => Math.min((index + 1) * size, row.length);
  return {
    length: Math.max(1, Math[every ? "ceil" : "floor"](row.length / size)), // one shorter block is better than none
    id: (index) => `${name}:${index * size}`,
    size: (index) => endOf(index) - index * size,
    get: async (index) => ({ ids: await row.read(index * size, endOf(index)) }),
  };
}

function documentBlocks(corpus: Corpus, most: number): Dataset<TextBlock> {
  const starts = blockStarts(corpus, most);
  const name = corpus.hash.slice(-12);
  return {
    length: starts.length - 1,
    id: (index) => `${name}:${starts[index]}`,
    size: (index) => starts[index + 1]! - starts[index]!,
    get: async (index) => ({ ids: await corpus.read(starts[index]!, starts[index + 1]!) }),
  };
}

/** Where blocks begin, in tokens; one number more than blocks. A block ends before the sentence that would make it too long. */
function blockStarts({ sentenceStarts, documentStarts, tokens }: Corpus, most: number): Uint32Array {
  const starts = growingNumbers();
  for (let d = 0; d + 1 < documentStarts.length; d += 1) {
    let start = sentenceStarts[documentStarts[d]!]!;
    starts.add(start);
    for (let sentence = documentStarts[d]!; sentence < documentStarts[d + 1]!; sentence += 1) {
      const end = sentenceStarts[sentence + 1]!;
      if (end - start <= most) continue;
      if (sentenceStarts[sentence]! > start) {
        start = sentenceStarts[sentence]!;
        starts.add(start);
      }
      while (end - start > most) {
        start += most; // a sentence longer than a block is cut
        starts.add(start);
      }
    }
  }
  starts.add(tokens);
  return starts.numbers();
}
