/**
 * SHA256SUMS: what each file of a folder must hash to, as `sha256sum --check SHA256SUMS` reads it.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

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
  const lines = list.split("\n").slice(0, -1);
  if (lines.length === 0 || !list.endsWith("\n")) throw new Error(`${checksumsFile} is cut short`);
  for (const line of lines) {
    const [, expected, name] = /^([0-9a-f]{64}) {2}([\w.-]+)$/.exec(line) ?? [];
    if (expected === undefined || name === undefined) throw new Error(`${checksumsFile} is damaged`);
    const found = await hashFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`${name} cannot be read (${error.code})`);
    });
    if (found !== expected)
      throw new Error(`${name} is damaged: its SHA-256 is ${found.slice(0, 12)}…, not ${expected.slice(0, 12)}…`);
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
