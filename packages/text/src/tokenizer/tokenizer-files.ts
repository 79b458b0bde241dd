/**
 * tokenizer.json and tokenizer_config.json in a folder.
 */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { commitListed, UsageError, verifyIfListed } from "@autodidact/core";
import { createTokenizer } from "./create-tokenizer.js";
import type { Tokenizer, TokenizerFiles } from "./tokenizer.js";

/** tokenizer_config.json may be missing. */
export async function readTokenizer(folder: string): Promise<Tokenizer> {
  await verifyIfListed(folder, NAMES);
  const json = await readJson(join(folder, "tokenizer.json"), MAX_BYTES);
  if (json === undefined) {
    throw new UsageError(
      `readTokenizer: ${folder} must hold a tokenizer.json, and does not. Train one, or save a model's fast tokenizer there (vocab.txt alone is not read).`,
    );
  }
  const config = await readJson(join(folder, "tokenizer_config.json"), MAX_CONFIG_BYTES);
  return createTokenizer({ "tokenizer.json": json, "tokenizer_config.json": config ?? {} });
}

const NAMES = ["tokenizer_config.json", "tokenizer.json"] as const;

/** Each file is there whole or not at all, with its checksum; the other files of the folder, which must exist, stay. */
export async function writeTokenizer(files: TokenizerFiles, folder: string): Promise<void> {
  await commitListed(
    folder,
    NAMES.map((name) => [name, Buffer.from(`${JSON.stringify(files[name], null, 2)}\n`)]),
  );
}

const MAX_BYTES = 100 * 1024 * 1024;
const MAX_CONFIG_BYTES = 10 * 1024 * 1024;

async function readJson(path: string, maxBytes: number): Promise<object | undefined> {
  const bytes = await readBounded(path, maxBytes);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    throw new UsageError(`readTokenizer: ${path} must be JSON, and is not: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  throw new UsageError(`readTokenizer: ${path} must be a JSON object.`);
}

async function readBounded(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw new UsageError(`readTokenizer: ${path} must have at most ${maxBytes} bytes, got ${size}.`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
