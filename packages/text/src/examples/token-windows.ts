/**
 * Windows of consecutive tokens for a causal model, as nanoGPT draws them (https://github.com/karpathy/nanoGPT, train.py, get_batch).
 */
import type { Dataset } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import type { TokenWindow } from "./examples.js";
import { joinedDocuments } from "./joined-documents.js";

export interface TokenWindowsOptions {
  /** Tokens that are read; each window has one more. */
  length: number;
  /** Tokens from one window's start to the next's. Unless told: 1, or so many that an epoch has at most 2²⁰ windows. */
  stride?: number;
  /** Put between documents: the id of <|endoftext|>. They follow each other directly unless told. */
  separator?: number;
}

/** nanoGPT's most windows: its order is kept in memory. */
const mostWindows = 2 ** 20;

export function tokenWindows(corpus: Corpus, options: TokenWindowsOptions): Dataset<TokenWindow> {
  const row = joinedDocuments(corpus, options.separator);
  const { length, stride = Math.max(1, Math.ceil(row.length / mostWindows)) } = options;
  if (!Number.isInteger(length) || length < 1 || !Number.isInteger(stride) || stride < 1)
    throw new RangeError(`tokenWindows: length and stride must be whole numbers from 1, got ${length} and ${stride}.`);
  if (row.length <= length) {
    throw new RangeError(
      `tokenWindows: the corpus must have more tokens than a window reads, got ${row.length} and length ${length}. ` +
        "Shorten the windows, or add text.",
    );
  }
  const name = corpus.hash.slice(-12);

  return {
    length: Math.floor((row.length - length - 1) / stride) + 1,
    id: (index) => `${name}:${index * stride}`,
    get: async (index) => ({ ids: await row.read(index * stride, index * stride + length + 1) }),
  };
}
