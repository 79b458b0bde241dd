/**
 * Reads a growing file line by line: what has no line's end yet is left for the next time.
 */
import type { FileHandle } from "node:fs/promises";

export interface Line {
  readonly text: string;
  /** The bytes with the line's end. */
  readonly bytes: Uint8Array;
  /** Where in the file it begins and where the next line does. */
  readonly start: number;
  readonly end: number;
}

/** The whole lines among the bytes that follow a place, not all of a long file at once; none where no line has ended since. */
export async function wholeLines(file: FileHandle, from: number): Promise<Line[]> {
  for (let wanted = 1 << 18; ; wanted *= 4) {
    const bytes = await readAt(file, from, wanted);
    const lines = split(bytes, from);
    if (lines.length > 0 || bytes.length < wanted) return lines; // otherwise a line is longer than that
  }
}

/** The last whole line within a file's first `end` bytes; undefined where there is none. */
export async function lineBefore(file: FileHandle, end: number): Promise<Line | undefined> {
  for (let wanted = 1 << 12; ; wanted *= 4) {
    const start = Math.max(0, end - wanted);
    const bytes = await readAt(file, start, end - start);
    const last = bytes.lastIndexOf(10);
    const before = last > 0 ? bytes.lastIndexOf(10, last - 1) : -1;
    if (last >= 0 && (before >= 0 || start === 0))
      return lineOf(bytes.subarray(before + 1, last + 1), start + before + 1);
    if (start === 0) return undefined;
  }
}

/** Fewer bytes where the file ends before. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function split(bytes: Buffer, from: number): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, start)) {
    lines.push(lineOf(bytes.subarray(start, at + 1), from + start));
    start = at + 1;
  }
  return lines;
}

function lineOf(bytes: Buffer, start: number): Line {
  return { text: bytes.toString("utf8", 0, bytes.length - 1), bytes, start, end: start + bytes.length };
}
