/**
 * Lines of a file as bytes, so that one with broken UTF-8 harms only itself.
 */
import type { SourceFile } from "./source-files.js";
import { type DecodingOptions, utf8Pieces } from "./text-encoding.js";

/** A longer line is not kept: what has no line ends is no file of lines. */
const LONGEST_LINE = 2 ** 26;

export interface Line {
  /** The line's number, from 1. */
  readonly number: number;
  /** The line without its end, \n or \r\n; undefined where it is longer than 64 MiB. */
  readonly bytes: Buffer | undefined;
}

export async function* linesOf(file: SourceFile, options: DecodingOptions = {}): AsyncGenerator<Line> {
  let number = 1;
  let begun: Buffer[] = [];
  let length = 0;

  function take(rest: Buffer): Line {
    const isKept = length + rest.length <= LONGEST_LINE;
    const bytes = isKept ? withoutReturn(Buffer.concat([...begun, rest])) : undefined;
    begun = [];
    length = 0;
    return { number: number++, bytes };
  }

  for await (const piece of utf8Pieces(file, options)) {
    let start = 0;
    for (let end = piece.indexOf(0x0a); end !== -1; end = piece.indexOf(0x0a, start)) {
      yield take(piece.subarray(start, end));
      start = end + 1;
    }
    length += piece.length - start;
    if (length > LONGEST_LINE) begun = [];
    else if (start < piece.length) begun.push(piece.subarray(start));
  }
  if (length > 0) yield take(Buffer.alloc(0));
}

export interface LinePart {
  readonly number: number;
  readonly bytes: Buffer;
  readonly isFirst: boolean;
  /** The line ends with these bytes. */
  readonly isLast: boolean;
}

/** Lines in parts as they are read, for those that may be longer than memory; without line ends. */
export async function* lineParts(file: SourceFile, options: DecodingOptions = {}): AsyncGenerator<LinePart> {
  let number = 1;
  let isFirst = true;
  for await (const piece of utf8Pieces(file, options)) {
    let start = 0;
    for (let end = piece.indexOf(0x0a); end !== -1; end = piece.indexOf(0x0a, start)) {
      yield { number, bytes: withoutReturn(piece.subarray(start, end)), isFirst, isLast: true };
      number += 1;
      isFirst = true;
      start = end + 1;
    }
    if (start === piece.length) continue;
    yield { number, bytes: piece.subarray(start), isFirst, isLast: false };
    isFirst = false;
  }
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

/** What is told of a row whose bytes are none. */
export const NOT_UTF8 = 'not UTF-8; of another encoding it is told by { encoding: "latin1" } or the like';

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Throws where the bytes are not UTF-8; a byte-order mark is left out. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
