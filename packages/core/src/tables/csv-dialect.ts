/**
 * How a table is written: what its fields are apart by and how they are quoted, told or found out from its beginning.
 *
 * A comma in .csv and a tab in .tsv hold unless another reading fits every record and this one does not. What fits in two ways is refused.
 */

import { UsageError } from "../usage-error.js";
import { type CsvDialect, csvReader, UnclosedQuoteError } from "./csv-records.js";
import type { SourceFile } from "./source-files.js";
import { type DecodingOptions, utf8Pieces } from "./text-encoding.js";

export interface DialectOptions extends DecodingOptions {
  /** What fields are apart by: one character, or `tab`. Found out unless told. */
  delimiter?: string | undefined;
  /** What may stand around a field: `double`, `single`, `none`; double quotes in .csv and none in .tsv unless told. */
  quote?: "double" | "single" | "none" | undefined;
  /** How a quote inside a quoted field is written: `doubled`, or behind a `backslash`. Found out unless told. */
  escape?: "doubled" | "backslash" | undefined;
}

/** Bytes of a table that are looked at. */
const SAMPLE = 2 ** 16;
/** The share of the records that must keep to another reading than the usual one. */
const MOST = 0.9;

const QUOTES = { double: '"', single: "'", none: undefined } as const;

export interface FoundDialect {
  readonly dialect: CsvDialect;
  /** What is unusual of it, in words. */
  readonly said: readonly string[];
}

export async function dialectOf(file: SourceFile, options: DialectOptions = {}): Promise<FoundDialect> {
  const isTabbed = /\.tsv(\.gz)?$/i.test(file.id);
  const sample = await beginningOf(file, options);
  const { dialect: found, isTorn } = chosen(file, isTabbed, sample, options);
  if (isTorn) throw tornQuotes(file);
  const { delimiter, quote } = found;
  const said = delimiter === (isTabbed ? "\t" : ",") ? [] : [`fields apart by ${nameOf(delimiter)}`];
  if (found.escape === "\\") said.push("quotes escaped by \\");
  if (quote === "'") said.push("fields in single quotes");
  return { dialect: found, said };
}

interface Sample {
  readonly bytes: Buffer;
  /** The sample is the whole table. */
  readonly isWhole: boolean;
}

async function beginningOf(file: SourceFile, options: DecodingOptions): Promise<Sample> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of utf8Pieces(file, options)) {
    pieces.push(piece);
    length += piece.length;
    if (length > SAMPLE) break;
  }
  const bytes = Buffer.concat(pieces).subarray(0, SAMPLE);
  if (bytes.includes("\r") && !bytes.includes("\n"))
    throw new UsageError(
      `${file.path} must have lines that end by \\n or \\r\\n, got lone carriage returns. Save it with the others.`,
    );
  return { bytes, isWhole: length <= SAMPLE };
}

function chosen(file: SourceFile, isTabbed: boolean, sample: Sample, told: DialectOptions): Fit {
  const quote = told.quote === undefined ? (isTabbed ? undefined : '"') : QUOTES[told.quote];
  const usual = isTabbed ? "\t" : ",";
  const delimiters = told.delimiter === undefined ? [usual, ",", "\t", ";", "|"] : [oneCharacter(told.delimiter)];
  const fits = [...new Set(delimiters)].map((delimiter) => {
    const isUsual = delimiter === usual || told.delimiter !== undefined;
    const quotes = isUsual || told.quote !== undefined ? quote : '"';
    return bestEscape(sample, { delimiter, quote: quotes, escape: quotes ?? '"' }, told.escape);
  });
  const [first, ...others] = fits;
  const better = others.filter(({ isWhole, width, share }) => width >= 2 && (isWhole || share >= MOST));
  if (first!.width >= 2 && (isTabbed || first!.isWhole)) {
    const rivals = isTabbed ? [] : better.filter(({ isWhole }) => isWhole);
    if (rivals.length > 0) throw ambiguous(file, [first!, ...rivals]);
    return first!;
  }
  if (better.length === 0 || (first!.width >= 2 && first!.share >= 0.5)) return first!;
  if (better.length > 1) throw ambiguous(file, better);
  return better[0]!;
}

interface Fit {
  readonly dialect: CsvDialect;
  /** Fields of the first record. */
  readonly width: number;
  /** Another way to write quotes fits too, and gives other fields. */
  readonly isTorn?: boolean;
  /** Every record keeps to the rules and is as wide as the first. */
  readonly isWhole: boolean;
  /** The share of the records that do. */
  readonly share: number;
}

/** Quotes are doubled; a backslash stands before them where only so every record can be read. */
function bestEscape(sample: Sample, dialect: CsvDialect, told: DialectOptions["escape"]): Fit {
  const backslashed = { ...dialect, escape: "\\" };
  if (dialect.quote === undefined || told === "doubled") return fitOf(sample, dialect);
  if (told === "backslash") return fitOf(sample, backslashed);
  const doubled = fitOf(sample, dialect);
  if (!sample.bytes.includes(`\\${dialect.quote}`)) return doubled;
  const other = fitOf(sample, backslashed);
  if (doubled.isWhole) {
    const isTorn = other.isWhole && fieldsOf(sample, dialect) !== fieldsOf(sample, backslashed);
    return { ...doubled, isTorn };
  }
  const isBetter = other.isWhole || (other.share >= MOST && doubled.share < 0.5);
  return isBetter && other.width >= doubled.width ? other : doubled;
}

/** All fields, to be compared. */
function fieldsOf({ bytes, isWhole }: Sample, dialect: CsvDialect): string {
  const reader = csvReader(dialect);
  const items = [...reader.push(bytes), ...(isWhole ? reader.end() : [])];
  return JSON.stringify(items.map((item) => ("fields" in item ? item.fields.map(String) : item.line)));
}

function fitOf({ bytes, isWhole }: Sample, dialect: CsvDialect): Fit {
  const reader = csvReader(dialect);
  let width = 0;
  let good = 0;
  let broken = 0;
  const count = (items: ReturnType<typeof reader.push>) => {
    for (const item of items) {
      if (!("fields" in item)) broken += 1;
      else if (good++ === 0) width = item.fields.length;
    }
  };
  try {
    count(reader.push(bytes));
    if (isWhole) count(reader.end());
    else if (reader.isQuoted && reader.pending > SAMPLE / 2) broken += 1; // a quote swallowed it
  } catch (error) {
    if (!(error instanceof UnclosedQuoteError || error instanceof RangeError)) throw error;
    broken += 1;
  }
  const records = good + broken;
  return { dialect, width, isWhole: records > 0 && broken === 0, share: records === 0 ? 0 : good / records };
}

function oneCharacter(delimiter: string): string {
  const character = delimiter === "tab" || delimiter === "\\t" ? "\t" : delimiter;
  if (/^[^\n\r"\\\u0080-\uffff]$/.test(character)) return character;
  throw new UsageError(`delimiter must be one character of ASCII, or tab, got ${JSON.stringify(delimiter)}.`);
}

const nameOf = (delimiter: string) => (delimiter === "\t" ? "tab" : delimiter);

function ambiguous(file: SourceFile, fits: readonly Fit[]): Error {
  const signs = fits.map(({ dialect }) => nameOf(dialect.delimiter));
  return new UsageError(
    `${file.path} can be read with fields apart by ${signs.join(" or by ")}. Set one: ` +
      `${signs.map((sign) => `{ delimiter: ${JSON.stringify(sign)} }`).join(" or ")}.`,
  );
}

function tornQuotes(file: SourceFile): Error {
  return new UsageError(
    `${file.path} can be read with quotes doubled or behind a backslash. Set one: { escape: "doubled" } or { escape: "backslash" }.`,
  );
}
