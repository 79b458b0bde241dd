/**
 * Bytes of whatever encoding as UTF-8: told, or known by a byte-order mark; UTF-8 otherwise.
 */

import { UsageError } from "../usage-error.js";
import type { SourceFile } from "./source-files.js";
import { piecesOf } from "./unpacked-pieces.js";

/** Bytes looked at before anything is decoded. */
const SNIFFED = 4096;

/** What the bytes 0x80 to 0x9f are in windows-1252, which browsers read where latin1 is said; holes stay control characters. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

export interface DecodingOptions {
  /** The name of an encoding as the web has them: `latin1`, `windows-1252`, `shift_jis`; a byte-order mark or UTF-8 unless told. */
  encoding?: string | undefined;
}

/** The encoding's usual name; refuses what is none. */
export function canonicalEncoding(encoding: string): string {
  try {
    return new TextDecoder(encoding).encoding;
  } catch (error) {
    throw new UsageError(
      `encoding must be one as the web names them (utf-8, utf-16le, latin1, windows-1252, shift_jis, gb18030, …), got ${JSON.stringify(encoding)}.`,
      { cause: error },
    );
  }
}

/** What a byte-order mark says: undefined where there is none. */
export function markedEncoding(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return undefined;
}

/** The bytes are no text of the encoding that they were taken for. */
export class EncodingError extends Error {
  override readonly name = "EncodingError";
}

/** A file's text as UTF-8, without a byte-order mark. UTF-8 itself is handed on unchecked: what is broken in it harms its own row. */
export async function* utf8Pieces(
  file: Pick<SourceFile, "path">,
  { encoding }: DecodingOptions = {},
): AsyncGenerator<Buffer> {
  const pieces = withFirstFilled(piecesOf(file));
  const first = await pieces.next();
  if (first.done) return;
  const marked = markedEncoding(first.value);
  const used = marked ?? (encoding === undefined ? "utf-8" : canonicalEncoding(encoding));
  if (used === "utf-8") {
    const begin = first.value.subarray(marked === "utf-8" ? 3 : 0);
    if (begin.subarray(0, SNIFFED).includes(0)) throw new EncodingError(holdsNul(file.path, begin));
    yield begin;
    yield* pieces;
    return;
  }
  const decode = decoderOf(used);
  try {
    yield decode(first.value, false);
    for await (const piece of pieces) yield decode(piece, false);
    yield decode(Buffer.alloc(0), true);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // a decoder's fatal error is a TypeError
    throw new EncodingError(`${file.path} must be ${used} text, and it is not.`, { cause: error });
  }
}

function holdsNul(path: string, begin: Buffer): string {
  const likely = wideEncoding(begin.subarray(0, SNIFFED));
  const what =
    likely === undefined ? "Is it a binary file, or damaged?" : `If it is UTF-16, set { encoding: "${likely}" }.`;
  return `${path} must be text, got NUL characters, the first at byte ${begin.indexOf(0)}. ${what}`;
}

/** UTF-16 has a NUL in one of two bytes of each Latin character or space, always on the same side; other bytes have them anywhere. */
function wideEncoding(bytes: Buffer): "utf-16le" | "utf-16be" | undefined {
  const nuls: [even: number, odd: number] = [0, 0];
  for (const [place, byte] of bytes.entries()) if (byte === 0) nuls[place % 2 === 0 ? 0 : 1] += 1;
  const [less, more] = [Math.min(...nuls), Math.max(...nuls)];
  if (more < Math.max(3, bytes.length / 40) || less > more / 10) return undefined;
  return nuls[0] > nuls[1] ? "utf-16be" : "utf-16le";
}

/** The first piece is long enough to look at, where the file is. */
async function* withFirstFilled(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let begin = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (begin.length >= SNIFFED) {
      yield piece;
      continue;
    }
    begin = Buffer.concat([begin, piece]);
    if (begin.length >= SNIFFED) yield begin;
  }
  if (begin.length < SNIFFED) yield begin;
}

function decoderOf(encoding: string): (bytes: Uint8Array, isLast: boolean) => Buffer {
  if (encoding === "windows-1252") return decodeWindows1252;
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes, isLast) => Buffer.from(decoder.decode(bytes, { stream: !isLast }), "utf8");
}

/** Node's own decoder of that name leaves 0x80 to 0x9f as control characters. */
function decodeWindows1252(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes).toString("latin1");
  return Buffer.from(
    text.replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]!),
    "utf8",
  );
}
