/**
 * Opens whatever text lies at a path, or says all that it looked for.
 */
import { createHash } from "node:crypto";
import {
  CorruptSampleError,
  canonicalEncoding,
  counted,
  type DialectOptions,
  delimited,
  dialectOf,
  type FoundData,
  type FoundDialect,
  hashFiles,
  jsonLines,
  type SourceFile,
  type SourceFiles,
  sourceFiles,
  UsageError,
} from "@autodidact/core";
import { blankLineDocuments } from "./blank-line-documents.js";
import { type CorruptOptions, withoutCorrupt } from "./corrupt-documents.js";
import { documentColumn } from "./document-column.js";
import type { Document, Documents } from "./documents.js";
import { fasta, RESIDUES_READ } from "./fasta.js";
import { parquetColumn } from "./parquet.js";
import { passedOver } from "./passed-over.js";
import { splitRemarksOf } from "./split-columns.js";
import { textColumn } from "./text-column.js";
import { textFile } from "./text-file.js";

export interface OpenDocumentsOptions extends CorruptOptions, DialectOptions {
  /** The column that holds the text in JSON Lines, CSV, TSV and Parquet, of CSV and TSV also its number from 1; `text` unless told. */
  column?: string | undefined;
  /** Whether the first row of CSV and TSV names the columns; unless told it does, or is found out where `column` is a number. */
  header?: boolean | undefined;
  /** What a document of plain text is: one of the `files` unless told, or what stands between `blank-lines`. */
  documents?: "files" | "blank-lines" | undefined;
}

interface Reading extends OpenDocumentsOptions {
  readonly column: string;
  /** How the tables are written. */
  readonly table?: FoundDialect | undefined;
}

interface Kind {
  readonly name: string;
  readonly files: RegExp;
  readonly isTable?: true;
  read(file: SourceFile, reading: Reading): AsyncIterable<Document | CorruptSampleError>;
}

const kinds: readonly Kind[] = [
  {
    name: "plain text (.txt, .md)",
    files: /\.(txt|md)(\.gz)?$/i,
    read: (file, reading) => (reading.documents === "blank-lines" ? blankLineDocuments : textFile)(file, reading),
  },
  {
    name: "JSON Lines (.jsonl, .ndjson)",
    files: /\.(jsonl|ndjson)(\.gz)?$/i,
    isTable: true,
    read: (file, reading) => textColumn(file, jsonLines(file, reading), reading.column),
  },
  {
    name: "CSV or TSV (.csv, .tsv)",
    files: /\.(csv|tsv)(\.gz)?$/i,
    isTable: true,
    read: (file, reading) => textColumn(file, delimited(file, reading), reading.column),
  },
  {
    name: "Parquet (.parquet)",
    files: /\.parquet$/i,
    isTable: true,
    read: (file, { column }) => parquetColumn(file, column),
  },
  { name: "FASTA (.fasta, .fa, .faa, .fna)", files: /\.(fasta|fa|faa|fna)(\.gz)?$/i, read: fasta },
];

/** Beside a data set these tell of it and are no part of it. */
const aboutTheSet = /(^|\/)(readme|license|notice)(\.(md|txt))?$/i;

/**
 * One file, or all files below a folder, of plain text (a document a file), JSON Lines, CSV, TSV, Parquet (a document a row) or FASTA
 * (a document a record); all but Parquet also as .gz. Line ends become \n, byte-order marks are left out, documents without text passed over.
 */
export async function openDocuments(path: string, options: OpenDocumentsOptions = {}): Promise<Documents> {
  const { column = "text", maxCorrupt, onCorrupt, ...told } = options;
  if (told.encoding !== undefined) canonicalEncoding(told.encoding);
  const all = await sourceFiles("openDocuments", path);
  const { kind, files } = recognise(path, all.files);
  const first = files.find(({ bytes, broken }) => bytes > 0 && broken === undefined);
  const isDelimited = kind.files.test("a.csv") && first !== undefined;
  const table = isDelimited ? await dialectOf(first, told) : undefined;
  const reading: Reading = { ...told, column, table, ...(isDelimited && (await documentColumn(first, column, told))) };
  const remarks = kind.isTable && first !== undefined ? await splitRemarksOf(first, reading.column, told) : [];

  const known = new Set<string>();
  const corrupt: CorruptOptions = {
    maxCorrupt,
    onCorrupt(error) {
      if (!known.has(error.id)) onCorrupt?.(error); // once, however often the documents are read
      known.add(error.id);
    },
  };

  async function* documents(): AsyncGenerator<Document> {
    let isAny = false;
    const found = withoutCorrupt(
      "openDocuments",
      readAll(kind, files, reading),
      corrupt,
      ({ continues }) => !continues,
    );
    for await (const document of found) {
      const text = document.text.includes("\r") ? document.text.replace(/\r\n?/g, "\n") : document.text;
      if (text === "") continue;
      isAny = true;
      yield text === document.text ? document : { ...document, text };
    }
    if (!isAny)
      throw new UsageError(`openDocuments: ${path} must hold text, got ${counted(files.length, "files")} without any.`);
  }

  return {
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    found: { ...foundOf(kind, files, all, reading), ...(remarks.length > 0 && { remarks }) },
    async fingerprint() {
      const settings = Object.values(told).every((value) => value === undefined)
        ? [kind.name, column]
        : [kind.name, column, told];
      return `sha256:${createHash("sha256")
        .update(JSON.stringify(settings))
        .update(await hashFiles(files))
        .digest("hex")}`;
    },
    [Symbol.asyncIterator]: documents,
  };
}

async function* readAll(
  kind: Kind,
  files: readonly SourceFile[],
  reading: Reading,
): AsyncGenerator<Document | CorruptSampleError> {
  for (const file of files) {
    if (file.broken !== undefined) yield new CorruptSampleError(file.id, file.broken);
    else yield* kind.read(file, reading);
  }
}

function foundOf(kind: Kind, files: readonly SourceFile[], all: SourceFiles, reading: Reading): FoundData {
  const { column, encoding, documents, table, header } = reading;
  const said = [...(table?.said ?? [])];
  if (table !== undefined && header === false) said.push("without a line of names");
  if (encoding !== undefined) said.push(canonicalEncoding(encoding));
  if (kind.read === fasta) said.push(...RESIDUES_READ);
  if (documents === "blank-lines" && kind === kinds[0]) said.push("documents apart by blank lines");
  return {
    kind: kind.name,
    parts: [{ name: "all", files: files.length, perClass: [] }],
    classes: [],
    columns: kind.isTable ? { text: column } : undefined,
    reading: said,
    passedOver: passedOver(all, files),
  };
}

function recognise(path: string, files: readonly SourceFile[]): { kind: Kind; files: SourceFile[] } {
  const found = kinds
    .map((kind) => ({ kind, files: files.filter(({ id }) => kind.files.test(id)) }))
    .filter((one) => one.files.length > 0);
  const sets = found.length > 1 ? found.filter((one) => one.files.some(({ id }) => !aboutTheSet.test(id))) : found;
  if (sets.length > 1) {
    const examples = sets.map((one) => `${one.kind.name}: ${one.files[0]!.id}`);
    throw new UsageError(
      `openDocuments: ${path} must hold files of one kind, got ${examples.join("; ")}. Name one file or folder.`,
    );
  }
  const [set] = sets;
  if (set !== undefined) return set;
  const names = files.map(({ id }) => id);
  throw new UsageError(
    `openDocuments: ${path} must be or hold ${kinds.map(({ name }) => name).join(", ")}. ` +
      `Got ${names.slice(0, 5).join(", ") || "an empty folder"}${names.length > 5 ? ", …" : ""}.`,
  );
}
