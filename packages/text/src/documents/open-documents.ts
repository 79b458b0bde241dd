/**
 * Opens whatever text lies at a path, or says all that it looked for.
 */
import { createHash } from "node:crypto";
import type { CorruptSampleError } from "@autodidact/core";
import { type CorruptOptions, withoutCorrupt } from "./corrupt-documents.js";
import { delimited } from "./delimited.js";
import type { Document, Documents } from "./documents.js";
import { fasta } from "./fasta.js";
import { jsonLines } from "./json-lines.js";
import { parquetColumn } from "./parquet.js";
import { textColumn } from "./rows.js";
import { hashFiles, type SourceFile, sourceFiles } from "./source-files.js";
import { textFile } from "./text-file.js";

export interface OpenDocumentsOptions extends CorruptOptions {
  /** The column that holds the text in JSON Lines, CSV, TSV and Parquet; `text` unless told. */
  column?: string;
}

interface Kind {
  readonly name: string;
  readonly files: RegExp;
  read(file: SourceFile, column: string): AsyncIterable<Document | CorruptSampleError>;
}

const kinds: readonly Kind[] = [
  { name: "plain text (.txt, .md)", files: /\.(txt|md)(\.gz)?$/i, read: textFile },
  {
    name: "JSON Lines (.jsonl, .ndjson)",
    files: /\.(jsonl|ndjson)(\.gz)?$/i,
    read: (file, column) => textColumn(file, jsonLines(file), column),
  },
  {
    name: "CSV or TSV (.csv, .tsv)",
    files: /\.(csv|tsv)(\.gz)?$/i,
    read: (file, column) => textColumn(file, delimited(file), column),
  },
  { name: "Parquet (.parquet)", files: /\.parquet$/i, read: parquetColumn },
  { name: "FASTA (.fasta, .fa, .faa, .fna)", files: /\.(fasta|fa|faa|fna)(\.gz)?$/i, read: fasta },
];

/** Beside a data set these tell of it and are no part of it. */
const aboutTheSet = /(^|\/)(readme|license|notice)(\.(md|txt))?$/i;

/**
 * One file, or all files below a folder, of plain text (a document a file), JSON Lines, CSV, TSV, Parquet (a document a row) or FASTA
 * (a document a record); all but Parquet also as .gz. Line ends become \n, byte-order marks are left out, documents without text passed over.
 */
export async function openDocuments(path: string, options: OpenDocumentsOptions = {}): Promise<Documents> {
  const { column = "text", maxCorruptFraction, onCorrupt } = options;
  const { kind, files } = recognise(path, await sourceFiles("openDocuments", path));

  async function* all(): AsyncGenerator<Document | CorruptSampleError> {
    for (const file of files) yield* kind.read(file, column);
  }

  const told = new Set<string>();
  const corrupt: CorruptOptions = {
    maxCorruptFraction,
    onCorrupt(error) {
      if (!told.has(error.id)) onCorrupt?.(error); // once, however often the documents are read
      told.add(error.id);
    },
  };

  async function* documents(): AsyncGenerator<Document> {
    let isAny = false;
    for await (const document of withoutCorrupt("openDocuments", all(), corrupt, ({ continues }) => !continues)) {
      const text = document.text.includes("\r") ? document.text.replace(/\r\n?/g, "\n") : document.text;
      if (text === "") continue;
      isAny = true;
      yield text === document.text ? document : { ...document, text };
    }
    if (!isAny) throw new Error(`openDocuments: ${path} must hold text, got ${files.length} files without any.`);
  }

  return {
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    async fingerprint() {
      const settings = JSON.stringify([kind.name, column]);
      return `sha256:${createHash("sha256")
        .update(settings)
        .update(await hashFiles(files))
        .digest("hex")}`;
    },
    [Symbol.asyncIterator]: documents,
  };
}

function recognise(path: string, files: readonly SourceFile[]): { kind: Kind; files: SourceFile[] } {
  const found = kinds
    .map((kind) => ({ kind, files: files.filter(({ id }) => kind.files.test(id)) }))
    .filter((one) => one.files.length > 0);
  const sets = found.length > 1 ? found.filter((one) => one.files.some(({ id }) => !aboutTheSet.test(id))) : found;
  if (sets.length > 1) {
    const examples = sets.map((one) => `${one.kind.name}: ${one.files[0]!.id}`);
    throw new Error(
      `openDocuments: ${path} must hold files of one kind, got ${examples.join("; ")}. Name one file or folder.`,
    );
  }
  const [set] = sets;
  if (set !== undefined) return set;
  const names = files.map(({ id }) => id);
  throw new Error(
    `openDocuments: ${path} must be or hold ${kinds.map(({ name }) => name).join(", ")}. ` +
      `Got ${names.slice(0, 5).join(", ") || "an empty folder"}${names.length > 5 ? ", …" : ""}.`,
  );
}
