/**
 * A table of sequences, each with a string of labels as long: of proteins `MKV<tab>CHH`, a label a residue. Where label cells hold blanks they
 * have a label a word, as the text has words.
 */
import { CorruptSampleError, type DialectOptions, type SourceFile, UsageError } from "@autodidact/core";
import type { LabelledSentence } from "./conll.js";
import type { ColumnOptions } from "./labelled-columns.js";
import { type CellRow, openTable, type TableFile } from "./table-file.js";

export interface SequenceTable {
  readonly table: TableFile;
  readonly hasHeader: boolean;
  readonly columns: { readonly text: string; readonly label: string };
  /** What a sequence falls into. */
  readonly units: "characters" | "words";
  readonly sentences: readonly (LabelledSentence | CorruptSampleError)[];
}

export type SequenceTableOptions = DialectOptions & Omit<ColumnOptions, "maxCorrupt">;

const TEXT_NAME = /^(seq(uence)?s?|input|primary|protein|dna|rna|aa|residues|texts?|sentence|words|tokens)$/i;
const LABEL_NAME =
  /^(labels?|target|targets|ss|ss3|ss8|q3|q8|dssp\d?|structure|secondary(_structure)?|tags|ner(_tags)?|output)$/i;

export async function readSequenceTable(file: SourceFile, options: SequenceTableOptions = {}): Promise<SequenceTable> {
  const table = await openTable(file, options);
  const all: (CellRow | CorruptSampleError)[] = [];
  for await (const row of table.rows()) all.push(row);
  const first = all.find((row): row is CellRow => !(row instanceof CorruptSampleError));
  if (first === undefined) throw new UsageError(`${file.path} must hold sequences with labels, and it has no row.`);
  const cells = first.cells.map((cell) => cell ?? "");
  const hasHeader = table.names === undefined && isHeader(cells, options);
  const names = table.names ?? (hasHeader ? cells.map((cell) => cell.trim()) : undefined);
  const { text, label } = placesOf(file, names, table.names?.length ?? cells.length, options);
  const rows = hasHeader ? all.filter((row) => row !== first) : all;
  const isSpaced = (row: CellRow | CorruptSampleError) => "cells" in row && /\S\s+\S/.test(row.cells[label] ?? "");
  const units = rows.some(isSpaced) ? "words" : "characters";
  return {
    table,
    hasHeader,
    units,
    columns: { text: names?.[text] ?? `column ${text + 1}`, label: names?.[label] ?? `column ${label + 1}` },
    sentences: rows.map((row) => (row instanceof CorruptSampleError ? row : sentenceOf(row, { text, label, units }))),
  };
}

/** Names of columns, told or usual: a row of sequences has labels as long as they. */
function isHeader(cells: readonly string[], { header, textColumn, labelColumn }: SequenceTableOptions): boolean {
  if (header !== undefined) return header;
  const names = cells.map((cell) => cell.trim());
  if ([textColumn, labelColumn].some((told) => told !== undefined && names.includes(told.trim()))) return true;
  return names.some((name) => TEXT_NAME.test(name)) && names.some((name) => LABEL_NAME.test(name));
}

function placesOf(
  file: SourceFile,
  names: readonly string[] | undefined,
  count: number,
  { textColumn, labelColumn }: SequenceTableOptions,
): { text: number; label: number } {
  const placeOf = (option: string, told: string | undefined, usual: RegExp, place: number) => {
    if (told !== undefined) {
      const named = names?.indexOf(told.trim()) ?? -1;
      if (named !== -1) return named;
      if (/^[1-9]\d*$/.test(told) && Number(told) <= count) return Number(told) - 1;
    } else {
      const found = names?.flatMap((name, at) => (usual.test(name) ? [at] : [])) ?? [];
      if (found.length === 1) return found[0]!;
      if (count === 2) return place;
    }
    const got = names === undefined ? `${count} without names` : names.join(", ");
    throw new UsageError(
      `${file.path} must have ${told === undefined ? `a column that is seen to hold the ${place === 0 ? "sequences" : "labels"}` : `a column ${told}`}, got ${got}. Name it or its number: { ${option}: … }.`,
    );
  };
  const text = placeOf("textColumn", textColumn, TEXT_NAME, 0);
  const label = placeOf("labelColumn", labelColumn, LABEL_NAME, 1);
  if (text !== label) return { text, label };
  throw new UsageError(
    `${file.path} must have labels beside the sequences, and both would be column ${text + 1}. Set another: { labelColumn: … }.`,
  );
}

function sentenceOf(
  { id, cells }: CellRow,
  { text, label, units }: { text: number; label: number; units: SequenceTable["units"] },
): LabelledSentence | CorruptSampleError {
  const split = (cell: string | undefined) =>
    units === "words" ? (cell ?? "").split(/\s+/).filter(Boolean) : [...(cell ?? "").trim()];
  const [words, labels] = [split(cells[text]), split(cells[label])];
  if (words.length === labels.length && words.length > 0) return { id, words, labels };
  const one = units === "words" ? "word" : "character";
  return new CorruptSampleError(
    id,
    `there must be a label for each ${one} of the sequence, got ${labels.length} for ${words.length}`,
  );
}
