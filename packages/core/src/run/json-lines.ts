/**
 * A file to which records are only ever added, one JSON object a line: a run's results.jsonl.
 *
 * A record is acknowledged when it is on the disk. Who is killed while writing leaves half a line at most; the next writer ends it, and readers name it.
 */
import * as node from "node:fs/promises";
import { dirname } from "node:path";
import { flushDirectory } from "../checkpoint/commit-directory.js";

export interface JsonLines {
  /** The records in the order in which they were added. */
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** Lines that hold no object, half written ones among them: the user is told. */
  readonly damaged: readonly DamagedLine[];
}

export interface DamagedLine {
  /** The line's number, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Adds a record, and returns when it is on the disk. Several processes may add to one file. */
export async function appendJsonLine(path: string, record: object): Promise<void> {
  const file = await node.open(path, "a+");
  try {
    const { size } = await file.stat();
    const bytes = Buffer.from(`${(await isLineEnd(file, size)) ? "" : "\n"}${JSON.stringify(record)}\n`);
    await file.appendFile(bytes); // in one write, unless it is very long: others' lines come before it or after it
    await file.sync();
    if (size === 0) await flushDirectory(node, dirname(path));
  } finally {
    await file.close();
  }
}

/** All that was added; nothing where there is no file. */
export async function readJsonLines(path: string): Promise<JsonLines> {
  const text = await node.readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const records: Readonly<Record<string, unknown>>[] = [];
  const damaged: DamagedLine[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const record = parseObject(line);
    if (record === undefined) damaged.push({ line: i + 1, text: line });
    else records.push(record);
  }
  return { records, damaged };
}

async function isLineEnd(file: node.FileHandle, position: number): Promise<boolean> {
  if (position === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position - 1);
  return buffer[0] === 10;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
