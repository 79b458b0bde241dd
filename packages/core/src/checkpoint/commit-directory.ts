/**
 * A folder that appears whole or not at all, as `commit-file.ts` does it for one file.
 *
 * It replaces an older one only where that holds nothing but what was written by the same hand: what its SHA256SUMS lists, or what the
 * caller knows. A user's file in it is never removed, and named.
 */
import * as node from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../usage-error.js";
import { listedNames } from "./checksums.js";
import { besides, type CommitOptions, type FileSystem, flushDirectory, writeFlushed } from "./commit-file.js";

export interface ReplaceOptions extends CommitOptions {
  /** Whether a file of the older folder that its SHA256SUMS does not list is the caller's own, and may go with it. None is, unless told. */
  isOwn?: (name: string) => boolean;
}

/** Pieces of bytes by file name. */
export type FolderContents = Iterable<readonly [name: string, pieces: Iterable<Uint8Array>]>;

/** Writes the folder, in the place of an older one if there is one. After an error, what was there before is still there. */
export function commitDirectory(path: string, contents: FolderContents, options: ReplaceOptions = {}): Promise<void> {
  const { files = node } = options;
  async function fill(unfinished: string): Promise<void> {
    for (const [name, pieces] of contents) {
      await writeFlushed(files, join(unfinished, name), join(path, name), async (file) => {
        for (const piece of pieces) await file.writeFile(piece);
      });
    }
  }
  return commitFilledDirectory(path, fill, options);
}

/** The same for contents that come bit by bit: `fill` writes its files into the folder it is given and flushes each (`FileHandle.sync`). */
export async function commitFilledDirectory(
  path: string,
  fill: (unfinished: string) => Promise<void>,
  options: ReplaceOptions = {},
): Promise<void> {
  const { files = node } = options;
  const parent = dirname(path);
  const [unfinished, older] = [besides(path, "new"), besides(path, "old")];
  await recoverDirectories(parent, { files, only: basename(path) });
  await assertReplaceable(path, options);
  await files.mkdir(parent, { recursive: true });
  try {
    await files.mkdir(unfinished);
    await fill(unfinished);
    await flushDirectory(files, unfinished);
    await assertReplaceable(path, options); // filling may have taken hours
    await putInPlace(files, { unfinished, path, older });
    await flushDirectory(files, parent);
  } catch (error) {
    await files.rm(unfinished, { recursive: true, force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
  await files.rm(older, { recursive: true, force: true });
}

/** Throws, naming what is in the way, where a folder could not be written over: to be asked before work whose result goes there. */
export async function assertReplaceable(path: string, { isOwn }: Pick<ReplaceOptions, "isOwn"> = {}): Promise<void> {
  const strange = await strangeIn(path, isOwn);
  if (strange === undefined) return;
  throw new UsageError(
    `${path} must hold nothing but what was written there before, and it holds ${strange}, which is not of it. ` +
      "Move that elsewhere, or name another folder.",
  );
}

/** Takes a folder away, so that it is never seen half deleted; one with something strange in it stays. Says whether it is gone. */
export async function removeDirectory(path: string, options: ReplaceOptions = {}): Promise<boolean> {
  const { files = node, isOwn } = options;
  if ((await strangeIn(path, isOwn)) !== undefined) return false;
  const removed = besides(path, "gone");
  await files.rename(path, removed);
  await files.rm(removed, { recursive: true, force: true });
  return true;
}

const LEFT = /^\.(old|new|gone)-(.+)-[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

interface RecoverOptions extends CommitOptions {
  /** The name of what alone is cleared and put back; all unless told. */
  only?: string;
}

/** Clears what a killed process left in `parent`, and puts a replaced folder back whose successor did not arrive. For the only writer. */
export async function recoverDirectories(parent: string, options: RecoverOptions = {}): Promise<void> {
  const { files = node, only } = options;
  const names = new Set(await files.readdir(parent).catch(() => [] as string[]));
  for (const left of names) {
    const [, what, name] = LEFT.exec(left) ?? [];
    if (name === undefined || name !== (only ?? name)) continue;
    if (what === "old" && !names.has(name)) {
      await files.rename(join(parent, left), join(parent, name));
      names.add(name);
    } else {
      await files.rm(join(parent, left), { recursive: true, force: true });
    }
  }
}

/** The name of something in a folder that was not written there by the same hand; undefined where all was, or there is no folder. */
async function strangeIn(path: string, isOwn: (name: string) => boolean = () => false): Promise<string | undefined> {
  const entries = await node.readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") throw new UsageError(`${path} must be a folder, or not be there yet; it is a file.`);
    throw error;
  });
  const listed = await listedNames(path);
  return entries.find((entry) => !entry.isFile() || !(listed.has(entry.name) || isOwn(entry.name)))?.name;
}

interface Places {
  readonly unfinished: string;
  readonly path: string;
  readonly older: string;
}

/** A full folder cannot be renamed over: the older one steps aside first, and back if that fails. */
async function putInPlace(files: FileSystem, { unfinished, path, older }: Places): Promise<void> {
  const isReplaced = await files.rename(path, older).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  try {
    await files.rename(unfinished, path);
  } catch (error) {
    if (isReplaced) await files.rename(older, path);
    throw error;
  }
}
