/**
 * SHA256SUMS: what each file of a folder must hash to, as `sha256sum --check SHA256SUMS` reads it.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { commitFile } from "./commit-file.js";

export const checksumsFile = "SHA256SUMS";

export function checksumLine(name: string, pieces: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return `${hash.digest("hex")}  ${name}\n`;
}

/** Throws, naming the file, where one is missing or not as it was written. */
export async function verifyChecksums(folder: string): Promise<void> {
  const list = await readFile(join(folder, checksumsFile), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${checksumsFile} cannot be read (${error.code})`);
  });
  for (const entry of parsed(list)) await verify(folder, entry);
}

/**
 * The same for a folder that need not have checksums: one that an older version or another program wrote passes. Files that are not listed
 * are not looked at. `names`: only these.
 */
export async function verifyIfListed(folder: string, names?: readonly string[]): Promise<void> {
  const list = await readList(folder);
  if (list === undefined) return;
  try {
    for (const entry of parsed(list)) {
      if (names === undefined || names.includes(entry.name)) await verify(folder, entry);
    }
  } catch (error) {
    throw new Error(
      `${folder}: ${(error as Error).message}. Restore the file; if it was changed on purpose, delete ${join(folder, checksumsFile)}.`,
      { cause: error },
    );
  }
}

/** The names in a folder's checksums, SHA256SUMS itself among them; none where it has no such file, the legible ones of a damaged one. */
export async function listedNames(folder: string): Promise<Set<string>> {
  const list = await readList(folder);
  if (list === undefined) return new Set();
  return new Set([checksumsFile, ...list.split("\n").flatMap((line) => LINE.exec(line)?.[2] ?? [])]);
}

/** Writes files into a folder, each whole or not at all, and their checksums last. What else is listed there stays. */
export async function commitListed(
  folder: string,
  contents: Iterable<readonly [name: string, bytes: Uint8Array]>,
): Promise<void> {
  const files = [...contents];
  const path = join(folder, checksumsFile);
  const before = ((await readList(folder)) ?? "").split("\n").filter(Boolean);
  const others = before.filter((line) => !files.some(([name]) => LINE.exec(line)?.[2] === name));
  const keep = (lines: readonly string[]) => commitFile(path, Buffer.from(lines.map((line) => `${line}\n`).join("")));
  // There is never a moment at which a whole file seems damaged.
  if (others.length < before.length) await (others.length > 0 ? keep(others) : rm(path));
  for (const [name, bytes] of files) await commitFile(join(folder, name), bytes);
  await keep([...others, ...files.map(([name, bytes]) => checksumLine(name, [bytes]).trimEnd())]);
}

interface Entry {
  readonly expected: string;
  readonly name: string;
}

const LINE = /^([0-9a-f]{64}) [ *]([^/\0]+)$/;

function parsed(list: string): Entry[] {
  const lines = list.split("\n").slice(0, -1);
  if (!list.endsWith("\n")) throw new Error(`${checksumsFile} is cut short`);
  return lines.map((line) => {
    const [, expected, name] = LINE.exec(line) ?? [];
    if (expected === undefined || name === undefined) throw new Error(`${checksumsFile} is damaged`);
    return { expected, name };
  });
}

async function verify(folder: string, { name, expected }: Entry): Promise<void> {
  const found = await hashFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${name} cannot be read (${error.code})`);
  });
  if (found !== expected)
    throw new Error(`${name} is damaged: its SHA-256 is ${found.slice(0, 12)}…, not ${expected.slice(0, 12)}…`);
}

async function readList(folder: string): Promise<string | undefined> {
  return readFile(join(folder, checksumsFile), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
