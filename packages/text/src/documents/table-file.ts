/**
 * A table of any kind as rows of cells, with a line of names above them or without one.
 */
import {
  CorruptSampleError,
  canonicalEncoding,
  csvRecords,
  type DialectOptions,
  decodeRecord,
  dialectOf,
  jsonLines,
  type Row,
  type SourceFile,
  UsageError,
} from "@autodidact/core";
import { NOT_TEXT, parquetColumns, parquetRows } from "./parquet.js";

/** Text, "" where there is nothing; undefined where there is something else: a list, bytes. */
export type Cell = string | undefined;

export interface CellRow {
  /** `mails.csv:17`: the row's number, names not counted; of JSON Lines the line's. */
  readonly id: string;
  readonly cells: readonly Cell[];
}

export interface TableFile {
  readonly file: SourceFile;
  /** "a CSV table" */
  readonly kind: string;
  /** Known of JSON Lines and Parquet. In CSV and TSV the first row may hold them. */
  readonly names: readonly string[] | undefined;
  /** How it is written, in words, where that is unusual. */
  readonly said: readonly string[];
  /** `places` are the cells that are wanted, in their order; the first row is left out where it names the columns. */
  rows(places?: readonly number[], hasHeader?: boolean): AsyncIterable<CellRow | CorruptSampleError>;
}

export const isTableName = (name: string) => /\.((csv|tsv|jsonl|ndjson)(\.gz)?|parquet)$/i.test(name);

/** Rows of JSON Lines in which names are looked for: a row need not have all. */
const NAMING_ROWS = 100;

export async function openTable(file: SourceFile, options: DialectOptions = {}): Promise<TableFile> {
  if (file.broken !== undefined) throw new UsageError(`${file.path} must be a table, but ${file.broken}.`);
  const told = options.encoding === undefined ? [] : [canonicalEncoding(options.encoding)];
  if (/\.parquet$/i.test(file.id)) {
    const names = await parquetColumns(file);
    return {
      file,
      kind: "a Parquet table",
      names,
      said: [],
      rows: (places) => namedCells(names, places, parquetOf(file)),
    };
  }
  if (!/\.(csv|tsv)(\.gz)?$/i.test(file.id)) {
    const names = await namesOfLines(file, options);
    const rows = (places?: readonly number[]) => namedCells(names, places, () => jsonLines(file, options));
    return { file, kind: "JSON Lines", names, said: told, rows };
  }
  const { dialect, said } = await dialectOf(file, options);
  const kind = /\.tsv(\.gz)?$/i.test(file.id) ? "a TSV table" : "a CSV table";
  async function* rows(places?: readonly number[], hasHeader = false): AsyncGenerator<CellRow | CorruptSampleError> {
    let isNames = hasHeader;
    for await (const record of csvRecords(file, dialect, options)) {
      if (record instanceof CorruptSampleError) {
        yield record;
        continue;
      }
      if (isNames) {
        isNames = false;
        continue;
      }
      const id = `${file.id}:${record.line}`;
      const cells = decodeRecord(id, record);
      if (cells instanceof CorruptSampleError) yield cells;
      else yield { id, cells: places === undefined ? cells : places.map((place) => cells[place]) };
    }
  }
  return { file, kind, names: undefined, said: [...told, ...said], rows };
}

const parquetOf = (file: SourceFile) => (columns: readonly string[]) => parquetRows(file, columns);

async function* namedCells(
  names: readonly string[],
  places: readonly number[] = [...names.keys()],
  read: (columns: readonly string[]) => AsyncIterable<Row | CorruptSampleError>,
): AsyncGenerator<CellRow | CorruptSampleError> {
  const wanted = places.map((place) => names[place]!);
  for await (const row of read([...new Set(wanted)])) {
    if (row instanceof CorruptSampleError) yield row;
    else yield { id: row.id, cells: wanted.map((name) => cellOf(row.value(name))) };
  }
}

/** The names of the first rows, in the order in which they come. */
async function namesOfLines(file: SourceFile, options: DialectOptions): Promise<readonly string[]> {
  const names = new Set<string>();
  let rows = 0;
  for await (const row of jsonLines(file, options)) {
    if (row instanceof CorruptSampleError) continue;
    for (const name of row.columns) names.add(name);
    rows += 1;
    if (rows === NAMING_ROWS) break;
  }
  return [...names];
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return "";
  if (value === NOT_TEXT) return undefined;
  return ["string", "number", "boolean", "bigint"].includes(typeof value) ? String(value) : undefined;
}
