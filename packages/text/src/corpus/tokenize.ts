/**
 * Documents become token ids on disk, once: the next time they are found there.
 */
import { createHash } from "node:crypto";
import { mkdir, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { commitFilledDirectory, commitListed, counted, lockRun, UsageError, version } from "@autodidact/core";
import type { Documents } from "../documents/documents.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import {
  type CacheDescription,
  cacheFile,
  describeCache,
  isCorpusFile,
  openDescribed,
  type SplitCorpus,
} from "./corpus-cache.js";
import { corpusWriter } from "./corpus-writer.js";
import { type EncodedBlock, encodeDocument } from "./encode-document.js";
import { splitDocuments } from "./validation-split.js";

export interface TokenizeOptions {
  /** Share of the documents (0 to 1, without 1) held out, by the hash of their ids; of fewer than ten, the end of their text. 0.1 unless told. */
  validationShare?: number;
  onProgress?: (progress: TokenizeProgress) => void;
  /** Told why a cache that was there could not be used. */
  onRebuild?: (reason: string) => void;
  /** Stops between blocks of text; what was there before stays. */
  signal?: AbortSignal;
}

export interface TokenizeProgress {
  readonly documents: number;
  /** Bytes of text in UTF-8; `Documents.bytes` is of the files. */
  readonly bytes: number;
  readonly tokens: number;
}

/** Raised when sentences are cut, documents split or files written in another way. */
const format = 2;

/** Milliseconds of work before other things (a signal) get a turn. */
const patience = 50;

/** The corpus in `folder`, if it was made from these documents with this tokenizer and these settings and is whole; else it is made. */
export async function tokenize(
  documents: Documents,
  tokenizer: Tokenizer,
  folder: string,
  options: TokenizeOptions = {},
): Promise<SplitCorpus> {
  const { validationShare = 0.1, onRebuild, signal } = options;
  if (!(validationShare >= 0 && validationShare < 1))
    throw new RangeError(`tokenize: validationShare must be from 0 to below 1, got ${validationShare}.`);
  const hash = await hashOf(documents, tokenizer, validationShare);
  signal?.throwIfAborted();

  const found = await reopen(folder, hash);
  if (typeof found === "object") return found;
  if (found !== undefined) onRebuild?.(found);

  const lockFolder = join(dirname(folder), `.lock-${basename(folder)}`);
  const lock = await lockIn(lockFolder);
  try {
    const fill = async (unfinished: string) => {
      const parts = await write(documents, tokenizer, unfinished, options);
      const description: CacheDescription = { hash, version, ...parts };
      await commitListed(unfinished, [[cacheFile, Buffer.from(`${JSON.stringify(description, null, 2)}\n`)]]);
    };
    await commitFilledDirectory(folder, fill, { isOwn: isCorpusFile });
  } finally {
    await lock.release();
    await rmdir(lockFolder).catch(() => {}); // one who waits has a file in it, and removes it in turn
  }
  return openDescribed(folder, (await describeCache(folder))!);
}

/** Whoever held the lock before may remove the folder just when it is found. */
async function lockIn(folder: string): ReturnType<typeof lockRun> {
  for (let attempt = 0; ; attempt += 1) {
    await mkdir(folder, { recursive: true });
    try {
      return await lockRun(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === 12) throw error;
    }
  }
}

/** The corpus, or why it is of no use; undefined where there is none. */
async function reopen(folder: string, hash: string): Promise<SplitCorpus | string | undefined> {
  try {
    const description = await describeCache(folder);
    if (description === undefined) return undefined;
    if (description.hash !== hash) return "it was made from other documents, with another tokenizer or other settings";
    return await openDescribed(folder, description);
  } catch (error) {
    return (error as Error).message;
  }
}

async function write(
  documents: Documents,
  tokenizer: Tokenizer,
  folder: string,
  { validationShare = 0.1, onProgress, signal }: TokenizeOptions,
): Promise<Pick<CacheDescription, "train" | "validation">> {
  const train = await corpusWriter(folder, "train", tokenizer.vocabularySize);
  const validation = await corpusWriter(folder, "validation", tokenizer.vocabularySize);
  const done = { documents: 0, bytes: 0 };
  const report = () => onProgress?.({ ...done, tokens: train.tokens + validation.tokens });
  let rested = performance.now();

  const document = encodeDocument(tokenizer);
  let to = train;

  async function keep(blocks: Iterable<EncodedBlock>): Promise<void> {
    for (const { ids, starts } of blocks) {
      for (const [n, start] of starts.entries()) to.addSentence(ids.subarray(start, starts[n + 1]));
      if (train.tokens + validation.tokens >= 2 ** 32)
        throw new RangeError("tokenize: a corpus must have fewer than 2^32 tokens. Take fewer documents.");
      await to.flush();
      if (performance.now() - rested < patience) continue;
      await turn();
      report();
      signal?.throwIfAborted();
      rested = performance.now();
    }
  }

  try {
    let last: string | undefined;
    for await (const { id, text, continues, isHeldOut } of splitDocuments(documents, validationShare)) {
      signal?.throwIfAborted();
      if (!continues) {
        await keep(document.end());
        to = isHeldOut ? validation : train;
        to.startDocument();
      }
      if (id !== last) done.documents += 1; // else a further part, or what is held out of the same
      last = id;
      const bytes = Buffer.byteLength(text);
      to.addBytes(bytes);
      done.bytes += bytes;
      await keep(document.add({ id, text }));
    }
    await keep(document.end());
    report();
    if (train.tokens === 0)
      throw new UsageError(
        `tokenize: there must be tokens to train on, got none from ${counted(done.documents, "documents")}.`,
      );
    return { train: await train.finish(), validation: await validation.finish() };
  } finally {
    await train.close();
    await validation.close();
  }
}

async function hashOf(documents: Documents, tokenizer: Tokenizer, validationShare: number): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([format, await documents.fingerprint(), validationShare]));
  return `sha256:${hash.update(JSON.stringify(tokenizer.files, sortedKeys)).digest("hex")}`;
}

/** A replacer for JSON.stringify: equal objects give equal text. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
