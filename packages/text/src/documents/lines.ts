/**
 * Lines of a file as bytes, so that one with broken UTF-8 harms only itself.
 */
import { piecesOf, type SourceFile } from "./source-files.js";

/** A longer line is not kept: what has no line ends is no file of lines. */
const longestLine = 2 ** 26;

export interface Line {
  /** The line's number, from 1. */
  readonly number: number;
  /** The line without its end, \n or \r\n; undefined where it is longer than 64 MiB. */
  readonly bytes: Buffer | undefined;
}

export async function* linesOf(file: SourceFile): AsyncGenerator<Line> {
  let number = 1;
  let begun: Buffer[] = [];
  let length = 0;

  function take(rest: Buffer): Line {
    const bytes = length + rest.length > longestLine ? undefined : withoutReturn(Buffer.concat([...begun, rest]));
    begun = [];
    length = 0;
    return { number: number++, bytes };
  }

  for await (const piece of piecesOf(file)) {
    let start = 0;
    for (let end = piece.indexOf(0x0a); end !== -1; end = piece.indexOf(0x0a, start)) {
      yield take(piece.subarray(start, end));
      start = end + 1;
    }
    length += piece.length - start;
    if (length > longestLine) begun = [];
    else if (start < piece.length) begun.push(piece.subarray(start));
  }
  if (length > 0) yield take(Buffer.alloc(0));
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Throws where the bytes are not UTF-8; a byte-order mark is left out. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
