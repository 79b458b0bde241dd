/**
 * A file to which lines are only ever added: a run's results.jsonl.
 *
 * A line is acknowledged when it is on the disk. Who is killed while writing leaves half a line at most; the next writer ends it.
 */
import * as node from "node:fs/promises";
import { dirname } from "node:path";
import { flushDirectory } from "../checkpoint/commit-file.js";
import { namingPath } from "../checkpoint/naming-path.js";

export interface NumberedLine {
  /** The line's number in the file, from 1. */
  readonly number: number;
  readonly text: string;
}

/** Adds a line, which holds no line break, and returns when it is on the disk. Several processes may add to one file. */
export async function appendLine(path: string, text: string): Promise<void> {
  const file = await node.open(path, "a+");
  try {
    const { size } = await file.stat();
    const bytes = Buffer.from(`${(await isLineEnd(file, size)) ? "" : "\n"}${text}\n`);
    await namingPath(path, async () => {
      await file.appendFile(bytes); // in one write, unless it is very long: others' lines come before it or after it
      await file.sync();
    });
    if (size === 0) await flushDirectory(node, dirname(path));
  } finally {
    await file.close();
  }
}

/** The lines in the order in which they were added, but for empty ones; none where there is no file. */
export async function readLines(path: string): Promise<NumberedLine[]> {
  const whole = await node.readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = whole.split("\n").map((text, place) => ({ number: place + 1, text }));
  return lines.filter(({ text }) => text.trim() !== "");
}

async function isLineEnd(file: node.FileHandle, position: number): Promise<boolean> {
  if (position === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position - 1);
  return buffer[0] === 10;
}
