/**
 * CSV (RFC 4180: fields may be quoted) and TSV (IANA text/tab-separated-values: a quote is a character like others).
 */
import { pipeline } from "node:stream";
import { CorruptSampleError } from "@autodidact/core";
import { type CsvError, parse } from "csv-parse";
import { decodeUtf8 } from "./lines.js";
import type { Row } from "./rows.js";
import { piecesOf, type SourceFile } from "./source-files.js";

/** A larger record is a quote that nobody closed. */
const largestRecord = 2 ** 26;

/** Each record's fields as they are, the first record too, or what is wrong with it. Every record must be as long as the first. */
export async function* records(file: SourceFile): AsyncGenerator<readonly Buffer[] | CorruptSampleError> {
  const isTabbed = /\.tsv(\.gz)?$/i.test(file.id);
  const skipped: CsvError[] = [];
  const parser = parse({
    delimiter: isTabbed ? "\t" : ",",
    encoding: null,
    max_record_size: largestRecord,
    on_skip: (error) => {
      if (error !== undefined) skipped.push(error);
    },
    quote: isTabbed ? null : '"',
    record_delimiter: ["\r\n", "\n"],
    skip_empty_lines: true,
    skip_records_with_error: true,
  });

  function* takeSkipped(): Generator<CorruptSampleError> {
    for (const error of skipped.splice(0)) {
      if (error.code === "CSV_QUOTE_NOT_CLOSED" || error.code === "CSV_MAX_RECORD_SIZE") throw notClosed(file, error);
      yield new CorruptSampleError(`${file.id}, line ${error.lines}`, error.message);
    }
  }

  pipeline(withoutMark(piecesOf(file)), parser, () => {}); // the parser's reader hears of errors
  for await (const record of parser) {
    yield* takeSkipped();
    yield record as unknown as Buffer[];
  }
  yield* takeSkipped();
}

/** The pieces without a byte-order mark: csv-parse, which knows them, then hands out strings where bytes were asked for. */
async function* withoutMark(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const piece of pieces) {
    const isMarked = isFirst && piece.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf));
    isFirst = false;
    yield isMarked ? piece.subarray(3) : piece;
  }
}

/** Rows below a line of names. */
export async function* delimited(file: SourceFile): AsyncGenerator<Row | CorruptSampleError> {
  let columns: string[] | undefined;
  let number = 0;
  for await (const record of records(file)) {
    if (record instanceof CorruptSampleError) {
      yield record;
      continue;
    }
    if (columns === undefined) {
      columns = record.map((name) => name.toString("utf8"));
      continue;
    }
    number += 1;
    const id = `${file.id}:${number}`;
    const row = decodeRecord(id, record);
    yield row instanceof CorruptSampleError
      ? row
      : { id, columns, value: (column) => row[(columns as string[]).indexOf(column)] };
  }
}

export function decodeRecord(id: string, record: readonly Buffer[]): readonly string[] | CorruptSampleError {
  try {
    return record.map(decodeUtf8);
  } catch {
    return new CorruptSampleError(id, "not UTF-8");
  }
}

function notClosed(file: SourceFile, error: CsvError): Error {
  return new Error(
    `${file.path} must be a CSV table, got a quoted field that does not end (${error.message}). ` +
      'Write quotes inside quoted fields as "", or save it as .tsv.',
    { cause: error },
  );
}
