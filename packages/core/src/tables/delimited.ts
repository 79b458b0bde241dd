/**
 * CSV (RFC 4180: fields may be quoted) and TSV (IANA text/tab-separated-values: a quote is a character like others).
 */
import { CorruptSampleError } from "../data/dataset.js";
import { UsageError } from "../usage-error.js";
import { type DialectOptions, dialectOf, type FoundDialect } from "./csv-dialect.js";
import { type BrokenRecord, type CsvDialect, type CsvRecord, csvReader, UnclosedQuoteError } from "./csv-records.js";
import { decodeUtf8, NOT_UTF8 } from "./lines.js";
import type { Row } from "./rows.js";
import type { SourceFile } from "./source-files.js";
import { type DecodingOptions, utf8Pieces } from "./text-encoding.js";
import { UnfoldingError } from "./unpacked-pieces.js";

/** Each record's fields as they are, the first record too, or what is wrong with it. Every record must be as long as the first. */
export async function* csvRecords(
  file: SourceFile,
  dialect: CsvDialect,
  options: DecodingOptions = {},
): AsyncGenerator<CsvRecord | CorruptSampleError> {
  const reader = csvReader(dialect);
  try {
    for await (const piece of utf8Pieces(file, options))
      for (const found of reader.push(piece)) yield "fields" in found ? found : broken(file, found, dialect);
    for (const found of reader.end()) yield "fields" in found ? found : broken(file, found, dialect);
  } catch (error) {
    if (error instanceof UnclosedQuoteError) throw notClosed(file, error);
    if (error instanceof RangeError && !(error instanceof UnfoldingError))
      throw new RangeError(`${file.path}: ${error.message}`, { cause: error });
    throw error;
  }
}

export interface DelimitedOptions extends DialectOptions {
  /** How it is written, where that was found out already: all files of a set are written alike. */
  table?: FoundDialect | undefined;
  /** False where the first row is one like others: columns are `column 1`, `column 2`, …. */
  header?: boolean | undefined;
}

/** Rows below a line of names, or all of them where there is none. */
export async function* delimited(
  file: SourceFile,
  options: DelimitedOptions = {},
): AsyncGenerator<Row | CorruptSampleError> {
  const { dialect } = options.table ?? (await dialectOf(file, options));
  let columns: string[] | undefined;
  for await (const record of csvRecords(file, dialect, options)) {
    if (record instanceof CorruptSampleError) {
      yield record;
      continue;
    }
    if (columns === undefined && options.header !== false) {
      columns = record.fields.map((name) => name.toString("utf8").trim());
      continue;
    }
    columns ??= record.fields.map((_, place) => `column ${place + 1}`);
    yield rowOf(`${file.id}:${record.line}`, columns, record);
  }
}

function rowOf(id: string, columns: readonly string[], record: CsvRecord): Row | CorruptSampleError {
  const row = decodeRecord(id, record);
  if (row instanceof CorruptSampleError) return row;
  return { id, columns, value: (column) => row[columns.indexOf(column)] };
}

export function decodeRecord(id: string, { fields, line }: CsvRecord): readonly string[] | CorruptSampleError {
  try {
    return fields.map(decodeUtf8);
  } catch {
    return new CorruptSampleError(id, `line ${line} is ${NOT_UTF8}`);
  }
}

function broken(file: SourceFile, { reason, line, lastLine }: BrokenRecord, { quote }: CsvDialect): CorruptSampleError {
  const lines = line === lastLine ? `line ${line}` : `lines ${line} to ${lastLine}`;
  const isOfQuotes = quote !== undefined && reason.includes("closing");
  const hint = isOfQuotes ? `. ${QUOTES_HINT}` : "";
  return new CorruptSampleError(`${file.id}, ${lines}`, `${reason}${hint}`);
}

const QUOTES_HINT =
  'Quotes inside are written "", or \\" with { escape: "backslash" }; where they quote nothing, set { quote: "none" }';

function notClosed(file: SourceFile, error: UnclosedQuoteError): Error {
  return new UsageError(`${file.path} must be a table, got ${error.message}. ${QUOTES_HINT}.`, { cause: error });
}
