/**
 * Parquet tables, one row group in memory at a time.
 */
import { CorruptSampleError } from "@autodidact/core";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { decodeUtf8 } from "./lines.js";
import { assertColumn } from "./rows.js";
import type { SourceFile } from "./source-files.js";

const broken = Symbol("not UTF-8");

/** The text in one column, or what is wrong with it. */
export async function* parquetColumn(
  file: SourceFile,
  column: string,
): AsyncGenerator<{ id: string; text: string } | CorruptSampleError> {
  const buffer = await asyncBufferFromFile(file.path);
  const metadata = await parquetMetadataAsync(buffer).catch((error: Error) => {
    throw new Error(`openDocuments: ${file.path} is no Parquet file: ${error.message}.`, { cause: error });
  });
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  assertColumn("openDocuments", file, columns, column);

  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const reading = { file: buffer, metadata, columns: [column], rowStart, rowEnd, compressors };
    const rows = await parquetReadObjects({ ...reading, parsers: { stringFromBytes } }).catch((error: Error) => {
      throw new Error(
        `openDocuments: ${file.path}, rows ${rowStart + 1} to ${rowEnd}, cannot be read: ${error.message}. Is the file whole?`,
        { cause: error },
      );
    });
    for (const [place, row] of rows.entries()) {
      const id = `${file.id}:${rowStart + place + 1}`;
      const text: unknown = row[column];
      if (typeof text === "string") yield { id, text };
      else
        yield new CorruptSampleError(id, text === broken ? "not UTF-8" : `${column} must be text, got ${kindOf(text)}`);
    }
    rowStart = rowEnd;
  }
}

function stringFromBytes(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return decodeUtf8(bytes);
  } catch {
    return broken;
  }
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? "nothing" : typeof value;
}
