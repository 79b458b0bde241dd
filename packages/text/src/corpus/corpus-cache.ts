/**
 * The folder that holds a tokenized corpus: cache.json says what the other files must be.
 */
import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { verifyIfListed } from "@autodidact/core";
import { z } from "zod";
import type { Corpus } from "./corpus.js";
import { fileNames, type PartName, type StoredCorpus } from "./corpus-writer.js";
import { readNumbers, verifyNumberFile } from "./number-file.js";

export const cacheFile = "cache.json";

const stored = (["train", "validation"] as const).flatMap((part) => Object.values(fileNames(part)));

/** Whether a name is that of a file of a tokenized corpus. */
export const isCorpusFile = (name: string): boolean => name === cacheFile || stored.includes(name);

const count = z.number().int().min(0);
const numberFile = z.object({ type: z.enum(["uint16", "uint32"]), length: count, sha256: z.string().length(64) });
const storedCorpus = z.object({ bytes: count, tokens: numberFile, sentences: numberFile, documents: numberFile });
const cacheDescription = z.object({
  /** The hash of the documents, the tokenizer and the settings, `sha256:…`. */
  hash: z.string().startsWith("sha256:"),
  /** The version of @autodidact/core, which wrote it. */
  version: z.string(),
  train: storedCorpus,
  validation: storedCorpus,
});

export type CacheDescription = z.infer<typeof cacheDescription>;

export interface SplitCorpus {
  readonly train: Corpus;
  readonly validation: Corpus;
}

/** What a folder says of itself; undefined where it does not exist. Throws where it is damaged. */
export async function describeCache(folder: string): Promise<CacheDescription | undefined> {
  const path = join(folder, cacheFile);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  await verifyIfListed(folder, [cacheFile]);
  try {
    return cacheDescription.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged: ${error instanceof z.ZodError ? z.prettifyError(error) : error}`, {
      cause: error,
    });
  }
}

/** Opens a corpus that `tokenize` wrote. Reads it all once, to know that it is as it was written. */
export async function openCorpus(folder: string): Promise<SplitCorpus> {
  const description = await describeCache(folder);
  if (description === undefined)
    throw new Error(
      `openCorpus: ${folder} must be the folder of a tokenized corpus, it has no ${cacheFile}. Tokenize first.`,
    );
  return openDescribed(folder, description);
}

export async function openDescribed(folder: string, description: CacheDescription): Promise<SplitCorpus> {
  const train = await openPart(folder, "train", description);
  try {
    return { train, validation: await openPart(folder, "validation", description) };
  } catch (error) {
    await train.close();
    throw error;
  }
}

async function openPart(folder: string, part: PartName, description: CacheDescription): Promise<Corpus> {
  const stored: StoredCorpus = description[part];
  const names = fileNames(part);
  for (const of of ["tokens", "sentences", "documents"] as const) {
    const path = join(folder, names[of]);
    await verifyNumberFile(path, stored[of]).catch((error: Error) => {
      throw new Error(`${path} is damaged: ${error.message}. Tokenize again.`, { cause: error });
    });
  }
  const { type, length: tokens } = stored.tokens;
  const sentenceStarts = await readAll(join(folder, names.sentences), stored.sentences.length);
  const documentStarts = await readAll(join(folder, names.documents), stored.documents.length);
  const file = await open(join(folder, names.tokens));

  return {
    hash: `sha256:${createHash("sha256").update(`${description.hash} ${part}`).digest("hex")}`,
    tokens,
    bytes: stored.bytes,
    sentenceStarts,
    documentStarts,
    async read(from, to) {
      if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > tokens)
        throw new RangeError(
          `Corpus.read: from and to must be places of 0 … ${tokens} in order, got ${from} and ${to}.`,
        );
      return Int32Array.from(readNumbers(file, type, from, to));
    },
    close: () => file.close(),
  };
}

async function readAll(path: string, length: number): Promise<Uint32Array> {
  const file = await open(path);
  try {
    return readNumbers(file, "uint32", 0, length) as Uint32Array;
  } finally {
    await file.close();
  }
}
