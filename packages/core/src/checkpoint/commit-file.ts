/**
 * A file that appears whole or not at all, whenever the process is killed or the disk is full.
 *
 * Written beside its place, flushed to the disk, renamed; POSIX promises that a rename is atomic, and only the flush of the parent folder
 * makes it last (Pillai et al. 2014, https://www.usenix.org/conference/osdi14/technical-sessions/presentation/pillai).
 */
import { randomUUID } from "node:crypto";
import * as node from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { namingPath } from "./naming-path.js";

/** What is used of node:fs/promises, so that tests can fail where they like. */
export type FileSystem = Pick<typeof node, "mkdir" | "open" | "readdir" | "rename" | "rm">;

export interface CommitOptions {
  files?: FileSystem;
}

/** Writes the file, in the place of an older one if there is one. */
export async function commitFile(path: string, bytes: Uint8Array, options: CommitOptions = {}): Promise<void> {
  return commitFilledFile(path, (file) => file.writeFile(bytes), options);
}

/** The same for contents that come bit by bit: `fill` writes into the file that it is given. After an error nothing is left of it. */
export async function commitFilledFile<T>(
  path: string,
  fill: (file: node.FileHandle) => Promise<T>,
  options: CommitOptions = {},
): Promise<T> {
  const { files = node } = options;
  const unfinished = besides(path, "new");
  try {
    const filled = await writeFlushed(files, unfinished, path, fill);
    await files.rename(unfinished, path);
    await flushDirectory(files, dirname(path));
    return filled;
  } catch (error) {
    await files.rm(unfinished, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

/** Fills a new file and flushes it to the disk; errors of a full disk name `place`, where it is to be in the end. */
export async function writeFlushed<T>(
  files: FileSystem,
  path: string,
  place: string,
  fill: (file: node.FileHandle) => Promise<T>,
): Promise<T> {
  const file = await files.open(path, "wx");
  try {
    return await namingPath(place, async () => {
      const filled = await fill(file);
      await file.sync();
      return filled;
    });
  } finally {
    await file.close();
  }
}

/** What a place's contents are called until they are there, or when they have made way: a name that nobody else gives. */
export function besides(path: string, what: "new" | "old" | "gone"): string {
  return join(dirname(path), `.${what}-${basename(path)}-${randomUUID()}`);
}

/** Makes what was created or renamed in a folder last. */
export async function flushDirectory(files: FileSystem, path: string): Promise<void> {
  if (process.platform === "win32") return; // folders cannot be opened there; NTFS journals renames
  const folder = await files.open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
