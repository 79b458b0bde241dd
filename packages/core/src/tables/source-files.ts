/**
 * The files below a path, in the order of their names, and what tells them from others.
 */
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { statOf } from "../data/stat-of.js";
import { UsageError } from "../usage-error.js";

export interface SourceFile {
  readonly path: string;
  /** The path below the root, with slashes. */
  readonly id: string;
  readonly bytes: number;
  /** Why it cannot be read: a link that leads nowhere, a file that others may not read. */
  readonly broken?: string;
}

export interface SourceFiles {
  readonly files: readonly SourceFile[];
  /** Files and folders whose names begin with a stop; nothing of them is read. */
  readonly hidden: readonly string[];
  /** Folders of runs: their metrics and tokenizers are no data. */
  readonly runs: readonly string[];
}

/** One file, or all files below a folder. Links are followed, each folder is entered once; hidden files are left out. */
export async function sourceFiles(who: string, path: string): Promise<SourceFiles> {
  const root = await statOf(who, path);
  if (root.isFile()) return { files: [await sourceFile(path, basename(path))], hidden: [], runs: [] };
  if (!root.isDirectory()) throw new UsageError(`${who}: ${path} must be a file or a folder.`);

  const files: SourceFile[] = [];
  const hidden: string[] = [];
  const runs: string[] = [];
  const entered = new Set<string>();
  async function collect(below: string): Promise<void> {
    const folder = await realpath(join(path, below));
    if (entered.has(folder)) return; // a link to a folder above, or to one already read
    entered.add(folder);
    const names = await readdir(folder);
    if (below !== "" && isRun(names)) {
      runs.push(below);
      return;
    }
    for (const name of names.sort(byCodePoint)) {
      const id = below === "" ? name : `${below}/${name}`;
      if (name.startsWith(".")) {
        hidden.push(id);
        continue;
      }
      const found = await stat(join(path, id)).catch(() => undefined);
      if (found?.isDirectory()) await collect(id);
      else if (found === undefined || found.isFile()) files.push(await sourceFile(join(path, id), id));
    }
  }
  await collect("");
  return { files: files.sort((a, b) => byCodePoint(a.id, b.id)), hidden, runs };
}

const isRun = (names: readonly string[]) =>
  names.includes("config.json") && (names.includes("metrics.jsonl") || names.includes("checkpoints"));

async function sourceFile(path: string, id: string): Promise<SourceFile> {
  try {
    await access(path, constants.R_OK);
    return { path, id, bytes: (await stat(path)).size };
  } catch (error) {
    return { path, id, bytes: 0, broken: `it cannot be opened (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** SHA-256 of names and bytes, hexadecimal. */
export async function hashFiles(files: readonly SourceFile[]): Promise<string> {
  const all = createHash("sha256");
  for (const { id, path, broken } of files) {
    const hash = createHash("sha256");
    if (broken !== undefined) continue; // nothing of it is read
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
    all.update(`${JSON.stringify(id)} ${hash.digest("hex")}\n`);
  }
  return all.digest("hex");
}

/** The same order on every machine, whatever its language. */
function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
