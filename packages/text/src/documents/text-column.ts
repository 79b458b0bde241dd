/**
 * Texts in one column of a table.
 */
import { assertColumn, CorruptSampleError, type Row, type SourceFile } from "@autodidact/core";

/** The text in one column of each row, or what is wrong with the row. The first row must have the column. */
export async function* textColumn(
  file: SourceFile,
  rows: AsyncIterable<Row | CorruptSampleError>,
  column: string,
): AsyncGenerator<{ id: string; text: string } | CorruptSampleError> {
  let isFirst = true;
  for await (const row of rows) {
    if (row instanceof CorruptSampleError) {
      yield row;
      continue;
    }
    if (isFirst) assertColumn("openDocuments", file, row.columns, column);
    isFirst = false;
    const text = row.value(column);
    if (typeof text === "string") yield { id: row.id, text };
    else yield new CorruptSampleError(row.id, `${column} must be text, got ${kindOf(text)}`);
  }
}

const kindOf = (value: unknown) => (value === null ? "null" : value === undefined ? "nothing" : typeof value);
