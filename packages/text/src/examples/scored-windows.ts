/**
 * Windows that predict every token of a text once, for its perplexity.
 *
 * As in Hugging Face's guide (https://huggingface.co/docs/transformers/perplexity): a window begins every `stride` tokens, and of each
 * only those tokens count that no window before it predicted; the last one ends with the text, however short.
 */
import type { Dataset } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import type { TokenWindow } from "./examples.js";
import { joinedDocuments } from "./joined-documents.js";

export interface ScoredWindowsOptions {
  /** Tokens that are read at most. */
  length: number;
  /** Tokens from one window's start to the next's; `length` unless told: each token is read once, and the first of a window knows little. */
  stride?: number | undefined;
  /** Stands before each document, so that its first token is predicted too, and is not itself. Without it the first one of all is not. */
  separator?: number | undefined;
}

export function scoredWindows(corpus: Corpus, options: ScoredWindowsOptions): Dataset<TokenWindow> {
  const { length, stride = length, separator } = options;
  if (!(Number.isInteger(length) && length >= 1 && Number.isInteger(stride) && stride >= 1 && stride <= length)) {
    throw new RangeError(
      `scoredWindows: length must be a whole number from 1 and stride one from 1 to length, got ${length} and ${stride}.`,
    );
  }
  const row = joinedDocuments(corpus, separator);
  const before = separator === undefined ? 0 : 1;
  const total = before + row.length;
  if (total < 2) throw new RangeError(`scoredWindows: there must be a token with one before it, got ${corpus.tokens}.`);

  async function read(from: number, to: number): Promise<Int32Array> {
    if (from > 0 || before === 0) return row.read(from - before, to - before);
    return Int32Array.from([separator!, ...(await row.read(0, to - 1))]);
  }

  return {
    length: Math.max(1, Math.ceil((total - 1 - length) / stride) + 1),
    id: (index) => `${corpus.hash.slice(-12)}:scored:${index * stride}`,
    async get(index) {
      const start = index * stride;
      const ids = await read(start, Math.min(start + length + 1, total));
      const known = index === 0 ? 0 : length - stride; // predicted by the window before
      const labels = ids.slice(1).map((id, place) => (place < known || id === separator ? -100 : id));
      return { ids, labels };
    },
  };
}
