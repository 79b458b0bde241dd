/**
 * Documents apart by blank lines in one file of plain text, as BERT's authors wrote them: a sentence a line, a blank line between documents.
 */
import {
  CorruptSampleError,
  type DecodingOptions,
  decodeUtf8,
  linesOf,
  NOT_UTF8,
  type SourceFile,
} from "@autodidact/core";
import type { Document } from "./documents.js";
import { reasonOf } from "./text-file.js";

/** Characters handed over at once; a longer document comes in parts. */
const partLength = 2 ** 20;

/** Each named by the line it begins on, or what is wrong with it. */
export async function* blankLineDocuments(
  file: SourceFile,
  options: DecodingOptions = {},
): AsyncGenerator<Document | CorruptSampleError> {
  let id: string | undefined;
  let lines: string[] = [];
  let length = 0;
  let isBegun = false;

  function take(): Document[] {
    if (id === undefined || lines.length === 0) return [];
    const document: Document = { id, text: lines.join("\n"), ...(isBegun && { continues: true as const }) };
    lines = [];
    length = 0;
    isBegun = true;
    return [document];
  }

  try {
    for await (const { number, bytes } of linesOf(file, options)) {
      const line = bytes && textOf(bytes);
      if (line === undefined || line === null) {
        const why = line === null ? NOT_UTF8 : "the line is longer than 64 MiB";
        yield new CorruptSampleError(`${file.id}:${number}`, why);
      } else if (line.trim() === "") {
        yield* take();
        id = undefined;
      } else {
        isBegun &&= id !== undefined;
        id ??= `${file.id}:${number}`;
        lines.push(isBegun && lines.length === 0 ? `\n${line}` : line);
        length += line.length;
        if (length >= partLength) yield* take();
      }
    }
  } catch (error) {
    yield new CorruptSampleError(file.id, reasonOf(error), { cause: error });
  }
  yield* take();
}

/** Null where it is not UTF-8. */
function textOf(bytes: Buffer): string | null {
  try {
    return decodeUtf8(bytes);
  } catch {
    return null;
  }
}
