/**
 * What files hold, as one hash: tells whether data of the same names is still the same data.
 *
 * Contents are read once. The hash stays in a file with the sizes and times that it was made of; while these are the same, it is taken from there.
 */
import { createHash, type Hash } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { commitFile } from "../checkpoint/commit-file.js";

export interface FilesFingerprintOptions {
  /** The file that remembers the hash; nothing is remembered unless told. */
  readonly memo?: string | undefined;
  /** Files of up to so many bytes in all are hashed whole; 1 GiB unless told. Of each of more than these its size and three blocks. */
  readonly wholeUpTo?: number | undefined;
}

/** Of a data set's contents. */
export interface ContentsOptions extends FilesFingerprintOptions {
  /** Of these examples alone; of all unless told. */
  readonly rows?: Iterable<number> | undefined;
}

const BLOCK = 4096;
const AT_ONCE = 16;

interface Memo {
  /** A hash of sizes and times. */
  readonly seen: string;
  readonly hash: string;
}

/** `sha256:…` of the contents in their order, whatever the files are called. A file that cannot be read counts as such. */
export async function fingerprintFiles(
  paths: readonly string[],
  options: FilesFingerprintOptions = {},
): Promise<string> {
  const { memo, wholeUpTo = 2 ** 30 } = options;
  const seen = createHash("sha256").update(`${wholeUpTo}\n`);
  const sizes: number[] = [];
  for await (const { size, times } of inOrder(paths, sizeAndTimes)) {
    sizes.push(size);
    seen.update(`${size} ${times}\n`);
  }
  const now = seen.digest("hex");
  const known = memo === undefined ? undefined : await readMemo(memo);
  if (known?.seen === now) return known.hash;
  const isWhole = sizes.reduce((sum, size) => sum + Math.max(0, size), 0) <= wholeUpTo;
  const hash = createHash("sha256").update(`${paths.length} ${isWhole ? "whole" : "blocks"}\n`);
  for await (const digest of inOrder(paths, (path, place) => digestOf(path, sizes[place]!, isWhole)))
    hash.update(digest);
  const made = `sha256:${hash.digest("hex")}`;
  if (memo !== undefined) await commitFile(memo, Buffer.from(`${JSON.stringify({ seen: now, hash: made })}\n`));
  return made;
}

/** A few at once, handed out in their order. */
async function* inOrder<Made>(paths: readonly string[], make: (path: string, place: number) => Promise<Made>) {
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const some = paths.slice(start, start + AT_ONCE);
    yield* await Promise.all(some.map((path, place) => make(path, start + place)));
  }
}

/** The time of a change of its entry is one of them: a file may be put in another's place with the other's times. */
async function sizeAndTimes(path: string): Promise<{ size: number; times: string }> {
  return stat(path).then(
    ({ size, mtimeMs, ctimeMs }) => ({ size, times: `${mtimeMs} ${ctimeMs}` }),
    () => ({ size: -1, times: "" }),
  );
}

async function digestOf(path: string, size: number, isWhole: boolean): Promise<Uint8Array> {
  const hash = createHash("sha256").update(`${size}\n`);
  if (size < 0) return hash.digest();
  try {
    if (isWhole && size <= 2 ** 20) hash.update(await readFile(path));
    else await update(hash, path, isWhole ? undefined : [0, Math.floor(size / 2), size - BLOCK]);
  } catch (error) {
    if (["EMFILE", "ENFILE", "ENOMEM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    hash.update("unreadable");
  }
  return hash.digest();
}

/** The blocks that begin there, or all of them. */
async function update(hash: Hash, path: string, starts: readonly number[] | undefined): Promise<void> {
  const file = await open(path);
  try {
    if (starts === undefined) {
      for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 2 ** 20 })) hash.update(chunk);
      return;
    }
    const block = Buffer.alloc(BLOCK);
    for (const start of starts) {
      const { bytesRead } = await file.read(block, 0, BLOCK, Math.max(0, start));
      hash.update(block.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** Undefined where there is none, or it was damaged: then contents are read again. */
async function readMemo(path: string): Promise<Memo | undefined> {
  try {
    const { seen, hash } = JSON.parse(await readFile(path, "utf8")) as Partial<Memo>;
    return typeof seen === "string" && typeof hash === "string" ? { seen, hash } : undefined;
  } catch {
    return undefined;
  }
}
