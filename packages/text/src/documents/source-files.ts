/**
 * The files below a path, in the order of their names, and what tells them from others.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

export interface SourceFile {
  readonly path: string;
  /** The path below the root, with slashes. */
  readonly id: string;
  readonly bytes: number;
}

/** One file, or all files below a folder. Links are followed, each folder is entered once; hidden files are left out. */
export async function sourceFiles(who: string, path: string): Promise<SourceFile[]> {
  const root = await statOf(who, path);
  if (root.isFile()) return [{ path, id: basename(path), bytes: root.size }];
  if (!root.isDirectory()) throw new Error(`${who}: ${path} must be a file or a folder.`);

  const files: SourceFile[] = [];
  const entered = new Set<string>();
  async function collect(below: string): Promise<void> {
    const folder = await realpath(join(path, below));
    if (entered.has(folder)) return; // a link to a folder above, or to one already read
    entered.add(folder);
    for (const name of (await readdir(folder)).filter((name) => !name.startsWith(".")).sort(byCodePoint)) {
      const id = below === "" ? name : `${below}/${name}`;
      const found = await statOf(who, join(path, id));
      if (found.isDirectory()) await collect(id);
      else if (found.isFile()) files.push({ path: join(path, id), id, bytes: found.size });
    }
  }
  await collect("");
  return files.sort((a, b) => byCodePoint(a.id, b.id));
}

/** SHA-256 of names and bytes, hexadecimal. */
export async function hashFiles(files: readonly SourceFile[]): Promise<string> {
  const all = createHash("sha256");
  for (const { id, path } of files) {
    const hash = createHash("sha256");
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
    all.update(`${JSON.stringify(id)} ${hash.digest("hex")}\n`);
  }
  return all.digest("hex");
}

/** A file's bytes in pieces; what is named .gz is unpacked. */
export async function* piecesOf({ path }: SourceFile): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 2 ** 18 });
  // the stream's reader hears of its errors
  const bytes = path.toLowerCase().endsWith(".gz") ? pipeline(file, createGunzip(), () => {}) : file;
  for await (const piece of bytes) yield piece as Buffer;
}

async function statOf(who: string, path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new Error(`${who}: ${path} cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
}

/** The same order on every machine, whatever its language. */
function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
