/**
 * One checkpoint on disk: `GROUP.safetensors` for each group of tensors, `state.json`, `SHA256SUMS`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeSafetensors, readSafetensors } from "../safetensors/file.js";
import type { StoredTensor } from "../safetensors/stored-tensor.js";
import { checksumLine, checksumsFile, verifyChecksums } from "./checksums.js";
import { commitDirectory } from "./commit-directory.js";
import type { CommitOptions } from "./commit-file.js";

export interface Checkpoint {
  readonly step: number;
  /** Tensors by group: `learned`, `carried`, `optimizer`. */
  readonly tensors: Readonly<Record<string, ReadonlyMap<string, StoredTensor>>>;
  /** Plain JSON: all that is not a tensor. */
  readonly state: Readonly<Record<string, unknown>>;
  /** What "best" compares, when the caller measured it. */
  readonly score?: number;
}

/** Appears at `path` whole or not at all. */
export async function writeCheckpoint(
  path: string,
  checkpoint: Checkpoint,
  options: CommitOptions = {},
): Promise<void> {
  const { tensors, ...rest } = checkpoint;
  const groups = Object.keys(tensors);
  const contents: [name: string, pieces: Uint8Array[]][] = groups.map((group) => [
    `${group}.safetensors`,
    encodeSafetensors(tensors[group]!),
  ]);
  contents.push(["state.json", [Buffer.from(`${JSON.stringify({ ...rest, groups }, null, 2)}\n`)]]);
  const sums = contents.map(([name, pieces]) => checksumLine(name, pieces)).join("");
  contents.push([checksumsFile, [Buffer.from(sums)]]);
  const isOwn = (name: string) => contents.some(([own]) => own === name); // also where SHA256SUMS is damaged
  await commitDirectory(path, contents, { ...options, isOwn });
}

/** Checks every byte before it believes one. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  await verifyChecksums(path);
  const { groups, ...rest } = await readState(path);
  const tensors: Record<string, ReadonlyMap<string, StoredTensor>> = {};
  for (const group of groups) tensors[group] = (await readSafetensors(join(path, `${group}.safetensors`))).tensors;
  return { ...rest, tensors };
}

/** Whether a name is that of a checkpoint's file. */
export function isCheckpointFile(name: string): boolean {
  return name === "state.json" || name === checksumsFile || /^(learned|carried|optimizer)\.safetensors$/.test(name);
}

/** The score of a checkpoint on disk, unchecked; undefined where none was measured or it cannot be read. */
export async function readScore(path: string): Promise<number | undefined> {
  return readState(path).then(
    ({ score }) => score,
    () => undefined,
  );
}

async function readState(path: string): Promise<Omit<Checkpoint, "tensors"> & { groups: string[] }> {
  return JSON.parse(await readFile(join(path, "state.json"), "utf8"));
}
