/**
 * A file that a command leaves: it is there whole or not at all.
 */
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { commitFilledFile } from "@autodidact/core";

/** Fills the file beside its place and moves it there; a link stays one, and what is no file (a pipe, /dev/stdout) is written straight. */
export async function writeOutput<T>(path: string, fill: (file: FileHandle) => Promise<T>): Promise<T> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return commitFilledFile(path, fill);
  if (found.isFile()) return commitFilledFile(await realpath(path), fill);
  const file = await open(path, "w");
  try {
    return await fill(file);
  } finally {
    await file.close();
  }
}
