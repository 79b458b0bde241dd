/**
 * A file of plain text is one document, however large: handed over in parts of about a million characters.
 */
import {
  CorruptSampleError,
  DamagedFileError,
  type DecodingOptions,
  EncodingError,
  type SourceFile,
  utf8Pieces,
} from "@autodidact/core";
import type { Document } from "./documents.js";

/** The length of a part, in UTF-16 units. */
const partLength = 2 ** 20;

/** The document, or what is wrong with it; one that turns out to be broken later on ends there. */
export async function* textFile(
  file: SourceFile,
  options: DecodingOptions = {},
): AsyncGenerator<Document | CorruptSampleError> {
  const { id } = file;
  const decoder = new TextDecoder("utf-8", { fatal: true }); // leaves a byte-order mark out
  let text = "";
  let isBegun = false;

  function part(length: number): Document {
    const taken = text.slice(0, length);
    text = text.slice(length);
    const document: Document = { id, text: taken, ...(isBegun && { continues: true as const }) };
    isBegun = true;
    return document;
  }

  try {
    for await (const piece of utf8Pieces(file, options)) {
      const decoded = decoder.decode(piece, { stream: true });
      if (decoded.includes("\0")) throw new TypeError("it holds NUL characters");
      text += decoded;
      while (text.length >= 2 * partLength) yield part(cutBefore(text, partLength));
    }
    text += decoder.decode();
  } catch (error) {
    yield new CorruptSampleError(id, reasonOf(error), { cause: error });
    return;
  }
  if (text.length > 0) yield part(text.length);
  else if (!isBegun) yield new CorruptSampleError(id, "the file is empty");
}

/** Why it is no text; other failures are thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof TypeError)
    return `not UTF-8 text (${error.message}). Convert it, or set { encoding: "latin1" } or the like`; // a decoder's
  if (error instanceof EncodingError || error instanceof DamagedFileError) return error.message;
  throw error;
}

/** Where a part may end at or before `length`: before the white space between paragraphs, else lines, sentences, words. */
export function cutBefore(text: string, length: number): number {
  for (const between of ["\n\n", "\r\n\r\n", "\n", ". ", " "]) {
    const isStop = between === ". ";
    let end = text.lastIndexOf(between, isStop ? length - 1 : length);
    if (isStop) end += 1; // the stop stays
    while (end > 0 && /\s/.test(text[end - 1]!)) end -= 1;
    if (end > 0) return end;
  }
  return isHalf(text[length - 1]!) ? length - 1 : length;
}

/** Whether a unit is half of a character beyond the first 65,536, or of a line end \r\n: what follows belongs to it. */
function isHalf(unit: string): boolean {
  return unit === "\r" || (unit.charCodeAt(0) & 0xfc00) === 0xd800;
}
