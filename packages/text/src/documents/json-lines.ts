/**
 * JSON Lines, https://jsonlines.org: an object a line, one field of which is the text.
 */
import { CorruptSampleError } from "@autodidact/core";
import { decodeUtf8, linesOf } from "./lines.js";
import type { Row } from "./rows.js";
import type { SourceFile } from "./source-files.js";

/** Each object's fields, or what is wrong with its line; blank lines are passed over. */
export async function* jsonLines(file: SourceFile): AsyncGenerator<Row | CorruptSampleError> {
  for await (const { number, bytes } of linesOf(file)) {
    const id = `${file.id}:${number}`;
    if (bytes === undefined) {
      yield new CorruptSampleError(id, "the line is longer than 64 MiB");
      continue;
    }
    let value: unknown;
    try {
      const line = decodeUtf8(bytes);
      if (line.trim() === "") continue;
      value = JSON.parse(line);
    } catch (error) {
      yield new CorruptSampleError(
        id,
        error instanceof TypeError ? "not UTF-8" : `not JSON (${(error as Error).message})`,
      );
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
