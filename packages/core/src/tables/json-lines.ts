/**
 * JSON Lines, https://jsonlines.org: an object a line, one field of which is the text.
 */
import { CorruptSampleError } from "../data/dataset.js";
import { parseBounded, ROW_BOUNDS } from "./bounded-json.js";
import { decodeUtf8, linesOf, NOT_UTF8 } from "./lines.js";
import type { Row } from "./rows.js";
import type { SourceFile } from "./source-files.js";
import type { DecodingOptions } from "./text-encoding.js";

/** Each object's fields, or what is wrong with its line; blank lines are passed over. */
export async function* jsonLines(
  file: SourceFile,
  options: DecodingOptions = {},
): AsyncGenerator<Row | CorruptSampleError> {
  for await (const { number, bytes } of linesOf(file, options)) {
    const id = `${file.id}:${number}`;
    if (bytes === undefined) {
      yield new CorruptSampleError(id, "the line is longer than 64 MiB");
      continue;
    }
    let value: unknown;
    try {
      const line = decodeUtf8(bytes);
      if (line.trim() === "") continue;
      value = parseBounded(line, ROW_BOUNDS);
    } catch (error) {
      yield new CorruptSampleError(id, reasonOf(error as Error));
      continue;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      yield new CorruptSampleError(id, "not a JSON object");
      continue;
    }
    const fields = value as Record<string, unknown>;
    yield { id, columns: Object.keys(fields), value: (column) => fields[column] };
  }
}

function reasonOf(error: Error): string {
  if (error instanceof TypeError) return NOT_UTF8; // a decoder's fatal error is a TypeError
  return error instanceof RangeError ? error.message : `not JSON (${error.message})`;
}
