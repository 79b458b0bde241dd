/**
 * A folder that appears whole or not at all, whenever the process is killed or the disk is full.
 *
 * Written beside its place, flushed to the disk, renamed; POSIX promises that a rename is atomic, and only the flush of the parent folder
 * makes it last (Pillai et al. 2014, https://www.usenix.org/conference/osdi14/technical-sessions/presentation/pillai).
 */
import * as node from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What is used of node:fs/promises, so that tests can fail where they like. */
export type FileSystem = Pick<typeof node, "mkdir" | "open" | "readdir" | "rename" | "rm">;

export interface CommitOptions {
  files?: FileSystem;
}

/** Pieces of bytes by file name. */
export type FolderContents = Iterable<readonly [name: string, pieces: Iterable<Uint8Array>]>;

/** Writes the folder, in the place of an older one if there is one. After an error, what was there before is still there. */
export function commitDirectory(path: string, contents: FolderContents, options: CommitOptions = {}): Promise<void> {
  const { files = node } = options;
  async function fill(unfinished: string): Promise<void> {
    for (const [name, pieces] of contents) await writeFlushed(files, join(unfinished, name), pieces);
  }
  return commitFilledDirectory(path, fill, options);
}

/** The same for contents that come bit by bit: `fill` writes its files into the folder it is given and flushes each (`FileHandle.sync`). */
export async function commitFilledDirectory(
  path: string,
  fill: (unfinished: string) => Promise<void>,
  options: CommitOptions = {},
): Promise<void> {
  const { files = node } = options;
  const parent = dirname(path);
  const unfinished = join(parent, `.new-${basename(path)}`);
  await files.mkdir(parent, { recursive: true });
  await files.rm(unfinished, { recursive: true, force: true });
  try {
    await files.mkdir(unfinished);
    await fill(unfinished);
    await flushDirectory(files, unfinished);
    await putInPlace(files, unfinished, path);
    await flushDirectory(files, parent);
  } catch (error) {
    await files.rm(unfinished, { recursive: true, force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
  await files.rm(join(parent, `.old-${basename(path)}`), { recursive: true, force: true });
}

/** The same for a single file. */
export async function commitFile(path: string, bytes: Uint8Array, options: CommitOptions = {}): Promise<void> {
  const { files = node } = options;
  const unfinished = join(dirname(path), `.new-${basename(path)}`);
  await files.rm(unfinished, { force: true });
  await writeFlushed(files, unfinished, [bytes]);
  await files.rename(unfinished, path);
  await flushDirectory(files, dirname(path));
}

/** Takes a folder away, so that it is never seen half deleted. */
export async function removeDirectory(path: string, options: CommitOptions = {}): Promise<void> {
  const { files = node } = options;
  const removed = join(dirname(path), `.gone-${basename(path)}`);
  await files.rm(removed, { recursive: true, force: true });
  await files.rename(path, removed);
  await files.rm(removed, { recursive: true, force: true });
}

/** Clears what a killed process left in `parent`, and puts a replaced folder back whose successor did not arrive. For the only writer. */
export async function recoverDirectories(parent: string, options: CommitOptions = {}): Promise<void> {
  const { files = node } = options;
  const names = await files.readdir(parent).catch(() => [] as string[]);
  for (const name of names) {
    const kept = name.startsWith(".old-") ? name.slice(".old-".length) : undefined;
    if (kept !== undefined && !names.includes(kept)) {
      await files.rename(join(parent, name), join(parent, kept));
    } else if (/^\.(old|new|gone)-/.test(name)) {
      await files.rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

async function writeFlushed(files: FileSystem, path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const file = await files.open(path, "wx");
  try {
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A full folder cannot be renamed over: the older one steps aside first, and back if that fails. */
async function putInPlace(files: FileSystem, unfinished: string, path: string): Promise<void> {
  const older = join(dirname(path), `.old-${basename(path)}`);
  await files.rm(older, { recursive: true, force: true });
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
