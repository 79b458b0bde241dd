/**
 * Parquet tables, one row group in memory at a time, within bounds that are looked at before a group is unpacked.
 */
import { assertColumn, CorruptSampleError, decodeUtf8, type Row, type SourceFile, UsageError } from "@autodidact/core";
import {
  asyncBufferFromFile,
  type Compressors,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** Of the columns that are read, in one row group: bytes when unpacked, and rows. */
const LARGEST_GROUP = 2 ** 30;
const MOST_ROWS = 2 ** 24;

/** What stands in a row where bytes are no UTF-8. */
export const NOT_TEXT = Symbol("not UTF-8");

type Metadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;

/** The names of the columns. */
export async function parquetColumns(file: SourceFile): Promise<readonly string[]> {
  return columnsOf(await metadataOf(file));
}

/** The rows with some of their columns, which must be there. */
export async function* parquetRows(file: SourceFile, columns: readonly string[]): AsyncGenerator<Row> {
  const metadata = await metadataOf(file);
  for (const column of columns) assertColumn("openDocuments", file, columnsOf(metadata), column);
  const buffer = await asyncBufferFromFile(file.path);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    assertBounded(file, group, columns);
    const reading = { file: buffer, metadata, columns: [...columns], rowStart, rowEnd, compressors: bounded() };
    const rows = await parquetReadObjects({ ...reading, parsers: { stringFromBytes } }).catch((error: Error) => {
      throw new UsageError(
        `openDocuments: ${file.path}, rows ${rowStart + 1} to ${rowEnd}, cannot be read: ${reasonOf(error)}. Is the file whole?`,
        { cause: error },
      );
    });
    for (const [place, row] of rows.entries())
      yield { id: `${file.id}:${rowStart + place + 1}`, columns, value: (column) => row[column] };
    rowStart = rowEnd;
  }
}

/** The text in one column, or what is wrong with it. */
export async function* parquetColumn(
  file: SourceFile,
  column: string,
): AsyncGenerator<{ id: string; text: string } | CorruptSampleError> {
  for await (const { id, value } of parquetRows(file, [column])) {
    const text = value(column);
    if (typeof text === "string") yield { id, text };
    else
      yield new CorruptSampleError(id, text === NOT_TEXT ? "not UTF-8" : `${column} must be text, got ${kindOf(text)}`);
  }
}

async function metadataOf(file: SourceFile): Promise<Metadata> {
  try {
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(file.path));
    columnsOf(metadata);
    return metadata;
  } catch (error) {
    throw new UsageError(`openDocuments: ${file.path} is no Parquet file: ${reasonOf(error)}.`, { cause: error });
  }
}

/** The reader trusts the file: what is damaged in it comes as a mistake of the program. */
const reasonOf = (error: unknown) => (error instanceof TypeError ? "it is damaged" : (error as Error).message);

const columnsOf = (metadata: Metadata) => parquetSchema(metadata).children.map(({ element }) => element.name);

function assertBounded(file: SourceFile, group: Metadata["row_groups"][number], columns: readonly string[]): void {
  const read = group.columns.filter(({ meta_data }) => columns.includes(meta_data?.path_in_schema[0] ?? ""));
  const bytes = read.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
  if (Number(group.num_rows) <= MOST_ROWS && bytes <= LARGEST_GROUP) return;
  throw new RangeError(
    `openDocuments: ${file.path} must have row groups of at most ${MOST_ROWS} rows and 1 GiB in ${columns.join(" and ")}, ` +
      `got ${group.num_rows} rows and ${bytes} bytes. Write it again with smaller row groups.`,
  );
}

/** Unpackers that stop at what a row group may hold, whatever its head said. */
function bounded(): Compressors {
  let left = LARGEST_GROUP;
  const entries = Object.entries(compressors).map(([name, unpack]) => [
    name,
    (packed: Uint8Array, length: number) => {
      left -= length;
      if (left < 0) throw new RangeError("it unpacks to more than 1 GiB");
      return unpack!(packed, length);
    },
  ]);
  return Object.fromEntries(entries) as Compressors;
}

function stringFromBytes(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return decodeUtf8(bytes);
  } catch {
    return NOT_TEXT;
  }
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? "nothing" : typeof value;
}
