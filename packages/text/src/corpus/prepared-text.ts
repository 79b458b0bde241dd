/**
 * The way from documents to what a run learns from: its tokenizer, in the run's folder, and its tokens.
 */
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import {
  commitFilledDirectory,
  counted,
  exists,
  grouped,
  type LiveLine,
  type Place,
  removeDirectory,
} from "@autodidact/core";
import type { Documents } from "../documents/documents.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { readTokenizer, writeTokenizer } from "../tokenizer/tokenizer-files.js";
import { isCorpusFile, openCorpus, type SplitCorpus } from "./corpus-cache.js";
import { tokenize } from "./tokenize.js";

export const tokenizerFolder = (runFolder: string) => join(runFolder, "tokenizer");

/** Where the run's tokens lie. */
export const tokensFolder = (runFolder: string, cache: string | null | undefined) => cache ?? join(runFolder, "tokens");

/** Removes the tokenizer and the tokens of a run that did not come to be; a cache stays, for it is of use to the next. */
export async function removePrepared(runFolder: string, cache: string | null | undefined): Promise<void> {
  await removeDirectory(tokenizerFolder(runFolder)).catch(ifMissing);
  if (cache === undefined || cache === null) {
    await removeDirectory(tokensFolder(runFolder, cache), { isOwn: isCorpusFile }).catch(ifMissing);
    await rmdir(join(runFolder, ".lock-tokens")).catch(ifMissing);
  }
}

function ifMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT" && error.code !== "ENOTEMPTY") throw error;
}

/** Keeps the tokenizer with the run, whatever becomes of where it is from. */
export async function keepTokenizer(files: Tokenizer["files"], runFolder: string): Promise<Tokenizer> {
  const folder = tokenizerFolder(runFolder);
  await commitFilledDirectory(folder, (unfinished) => writeTokenizer(files, unfinished));
  return readTokenizer(folder);
}

export interface TokensOptions {
  /** The share of the documents that is held out of training. */
  readonly validationShare: number;
  readonly line: LiveLine;
  readonly signal: AbortSignal;
}

/** `tokenize`, with its progress shown. */
export async function tokensOf(
  documents: Documents,
  tokenizer: Tokenizer,
  folder: string,
  { validationShare, line, signal }: TokensOptions,
): Promise<SplitCorpus> {
  return tokenize(documents, tokenizer, folder, {
    validationShare,
    signal,
    onRebuild: (reason) => line.print(`${folder} is made anew: ${reason}`),
    onProgress: ({ tokens, bytes, documents: count }) => {
      const share = Math.min(99, Math.floor((100 * bytes) / Math.max(1, documents.bytes)));
      line.show(`tokens: ${grouped(tokens)} of ${grouped(count)} documents, ${share} % of the text`);
    },
  });
}

export interface ReopenOptions extends TokensOptions, Place {
  /** Where the documents are. */
  readonly path: string;
  readonly cache: string | null;
  open(): Promise<Documents>;
}

/** The tokens of a run that has begun; where its data is gone, those that it kept. */
export async function reopenTokens(tokenizer: Tokenizer, options: ReopenOptions): Promise<SplitCorpus> {
  const { path, cache, folder, line, open } = options;
  const tokens = tokensFolder(folder, cache);
  if (!(await exists(path)) && (await exists(tokens))) {
    line.print(`${path} is not there; going on with the tokens in ${tokens}`);
    return openCorpus(tokens);
  }
  return tokensOf(await open(), tokenizer, tokens, options);
}

export async function closeCorpus({ train, validation }: SplitCorpus): Promise<void> {
  await Promise.all([train.close(), validation.close()]);
}

/** `2,332,655 tokens of 215 documents to learn from, 146,254 tokens of 18 documents held out` */
export function describeCorpus({ train, validation }: SplitCorpus): string {
  const part = ({ tokens, documentStarts: { length } }: SplitCorpus["train"]) =>
    `${counted(tokens, "tokens")} of ${counted(length - 1, "documents")}`;
  return `${part(train)} to learn from, ${part(validation)} held out`;
}
