/**
 * Which store: the option of every command that reads or fills one.
 */
import { readdir, stat } from "node:fs/promises";
import { UsageError } from "@autodidact/core";
import { openStore, type ResultStore } from "@autodidact/evaluate";
import { Option } from "commander";

export const storeOption = () =>
  new Option("--store <folder>", "of the results: cells.jsonl and predictions/").default("bench");

/** A store that is to be read must be there. */
export async function existingStore(folder: string): Promise<ResultStore> {
  await assertStore(folder);
  return openStore(folder);
}

export async function assertStore(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new UsageError(`--store ${folder} must be the folder of a store, and is none. bench run makes one.`);
}

/** What a store holds; the journal comes with its first cell. */
const PARTS = ["cells.jsonl", "predictions", "hashes", "features"];

/** A folder of other things is the user's: nothing is put among them. */
export async function assertStoreOrNew(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw new UsageError(
      `--store ${folder} must be a folder, and cannot be read as one (${error.code}). Name another.`,
    );
  });
  if (names.length === 0 || PARTS.some((part) => names.includes(part))) return;
  throw new UsageError(`--store ${folder} holds other things and is no store. Name another folder, or a new one.`);
}
