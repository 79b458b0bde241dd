/**
 * Which column of a CSV or TSV holds documents, and whether its first row names the columns: told, else found out as of tables with labels.
 */
import { CorruptSampleError, type DialectOptions, listed, type SourceFile, UsageError } from "@autodidact/core";
import { headOf } from "./labelled-columns.js";
import { openTable } from "./table-file.js";

export interface DocumentColumn {
  /** Of a table without names `column 1`, …. */
  readonly column: string;
  /** The first row names the columns. */
  readonly header: boolean;
}

export interface DocumentColumnOptions extends DialectOptions {
  /** Whether the first row names the columns; found out unless told. */
  readonly header?: boolean | undefined;
}

/** `asked` is a column's name, or its number from 1. Throws where nothing is called so, and where the first row may be names or a text. */
export async function documentColumn(
  file: SourceFile,
  asked: string,
  { header, ...dialect }: DocumentColumnOptions = {},
): Promise<DocumentColumn> {
  const table = await openTable(file, dialect);
  const names = await firstCells(table.rows());
  if (names === undefined) return { column: asked, header: header ?? true }; // nothing can be read, which reading it tells
  if (header !== false && names.includes(asked)) return { column: asked, header: true };
  if (header === false && names.length === 1) return { column: numbered(1), header };
  const number = /^[1-9]\d*$/.test(asked) ? Number(asked) : Number.NaN;
  if (!(number <= names.length)) throw noColumn(file, asked, { names, header });
  const hasHeader = header ?? (await headOf(table, { textColumn: asked, maxCorrupt: Infinity })).hasHeader;
  return { column: hasHeader ? names[number - 1]! : numbered(number), header: hasHeader };
}

const numbered = (place: number) => `column ${place}`;

async function firstCells(
  rows: ReturnType<Awaited<ReturnType<typeof openTable>>["rows"]>,
): Promise<readonly string[] | undefined> {
  for await (const row of rows)
    if (!(row instanceof CorruptSampleError)) return row.cells.map((cell) => (cell ?? "").trim());
  return undefined;
}

function noColumn(
  { path }: SourceFile,
  asked: string,
  { names, header }: { names: readonly string[]; header: boolean | undefined },
): Error {
  if (header === false) {
    return new UsageError(
      `openDocuments: ${path} must have a column ${asked}, and has ${names.length} without names. Give the number of the one that holds the text: { column: "1" }.`,
    );
  }
  return new UsageError(
    `openDocuments: ${path} must have a column ${asked}, got ${listed(names)}. Name the column that holds it: { column: … }; ` +
      `where the first row is a text like others, give its number: { column: "1" }.`,
  );
}
