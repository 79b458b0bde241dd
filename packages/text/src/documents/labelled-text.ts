/**
 * Texts with a class each, for evaluation and fine-tuning: whole in memory.
 */
import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { CorruptSampleError, type DialectOptions, type SourceFile, sourceFiles, UsageError } from "@autodidact/core";
import { classNames } from "./class-names.js";
import { isNumber } from "./column-contents.js";
import { type CorruptOptions, withoutCorrupt } from "./corrupt-documents.js";
import { type ColumnOptions, type LabelledColumns, labelledColumns, unsettled } from "./labelled-columns.js";
import { type CellRow, isTableName, openTable, type TableFile } from "./table-file.js";
import { textFile } from "./text-file.js";

export interface TableOptions extends CorruptOptions, DialectOptions, ColumnOptions {}

export interface LabelledTextOptions extends TableOptions {
  /** The classes of another file, whose numbers these labels are to have. */
  classes?: readonly string[] | undefined;
}

export interface LabelledText {
  readonly texts: readonly string[];
  /** Places in `classes`. */
  readonly labels: Int32Array;
  /** The classes in the order of their names, or of their numbers. */
  readonly classes: readonly string[];
}

/** A CSV or TSV file, with a line of names or without one, JSON Lines or Parquet. Rows without a label are passed over. */
export async function openLabelledText(path: string, options: LabelledTextOptions = {}): Promise<LabelledText> {
  const { files } = await sourceFiles("openLabelledText", path);
  const [file] = files;
  if (file === undefined || files.length !== 1 || !isTableName(file.id)) {
    const got = files.map(({ id }) => id).slice(0, 5);
    throw new UsageError(
      `openLabelledText: ${path} must be one file, .csv, .tsv, .jsonl, .ndjson or .parquet, got ${got.join(", ") || "an empty folder"}.`,
    );
  }
  return classified(path, await readLabelled([file], options, options.classes), options);
}

/** The labels as places in the classes: those of these rows, or those that are told. */
export function classified(
  path: string,
  { texts, labels, unlabelled }: Pick<LabelledRows, "texts" | "labels" | "unlabelled">,
  options: LabelledTextOptions,
): LabelledText {
  if (texts.length === 0) {
    const got = unlabelled === 0 ? "none" : `${unlabelled} without one`;
    throw new UsageError(`openLabelledText: ${path} must have rows with labels, got ${got}.`);
  }
  const { classOf, classes: own } = classNames(options.classes ?? labels);
  if (options.classes === undefined && options.labelColumn === undefined) assertClassesComeAgain(path, labels, own);
  const classes = options.classes ?? own;
  const places = new Map(classes.map((name, place) => [name, place]));
  const unknown = labels.find((label) => !places.has(classOf(label)));
  if (unknown !== undefined)
    throw new UsageError(`openLabelledText: the labels of ${path} must be ${listedClasses(classes)}, got ${unknown}.`);
  return { texts, labels: Int32Array.from(labels, (label) => places.get(classOf(label))!), classes };
}

const listedClasses = (classes: readonly string[]) =>
  `${classes.slice(0, 20).join(", ")}${classes.length > 20 ? ", …" : ""}`;

/** Hundreds of classes with one example each are texts or numbers that were taken for classes. */
function assertClassesComeAgain(path: string, labels: readonly string[], classes: readonly string[]): void {
  if (classes.length < 10) return;
  const isMeasure = classes.length > 20 && classes.some((name) => isNumber(name) && !Number.isInteger(Number(name)));
  if (classes.length <= labels.length / 2 && !isMeasure) return;
  throw new UsageError(
    `openLabelledText: ${path} must have labels that come again, got ${classes.length} different ones in ${labels.length} rows: ` +
      `${classes
        .slice(0, 3)
        .map((name) => name.slice(0, 40))
        .join(", ")}, …. If they are classes, name their column: { labelColumn: … }.`,
  );
}

/** A part's rows as they are written. */
export interface LabelledRows {
  readonly texts: readonly string[];
  readonly ids: readonly string[];
  readonly labels: readonly string[];
  /** Rows that have a text and no label. */
  readonly unlabelled: number;
  readonly columns: LabelledColumns;
  readonly table: TableFile;
}

/** One part, in one file or several of the same form. */
export async function readLabelled(
  files: readonly SourceFile[],
  options: TableOptions,
  known?: readonly string[],
): Promise<LabelledRows> {
  const table = await openTable(files[0]!, options);
  const columns = await labelledColumns(table, options, known);
  const { label } = columns;
  if (label === undefined) throw unsettled(table, columns.names, "labelColumn", "a column of classes");
  return { ...(await readRows(files, options, { ...columns, label })), columns, table };
}

async function readRows(
  files: readonly SourceFile[],
  options: TableOptions,
  columns: LabelledColumns & { readonly label: number },
): Promise<Pick<LabelledRows, "texts" | "ids" | "labels" | "unlabelled">> {
  const [texts, ids, labels]: [string[], string[], string[]] = [[], [], []];
  let unlabelled = 0;
  for await (const { id, text, label } of withoutCorrupt(
    "openLabelledText",
    rowsOf(files, options, columns),
    options,
  )) {
    if (label === "") {
      unlabelled += 1;
      continue;
    }
    texts.push(text);
    ids.push(id);
    labels.push(label);
  }
  return { texts, ids, labels, unlabelled };
}

interface Labelled {
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

async function* rowsOf(
  files: readonly SourceFile[],
  options: TableOptions,
  first: LabelledColumns & { readonly label: number },
): AsyncGenerator<Labelled | CorruptSampleError> {
  const { names, text, label } = first;
  const named = first.hasHeader ? { textColumn: names[text], labelColumn: names[label] } : {};
  for (const [place, file] of files.entries()) {
    const table = await openTable(file, options);
    const own = place === 0 ? first : await labelledColumns(table, { ...options, ...named });
    for await (const row of table.rows([own.text, own.label ?? own.text], own.hasHeader)) {
      const found = row instanceof CorruptSampleError ? row : labelledRow(row, names[text]!, names[label]!);
      yield first.areFiles && "text" in found ? await withItsText(found, file.path) : found;
    }
  }
}

/** The beginning of the file that the row names, which lies beside the table: about a million characters of it. */
async function withItsText(row: Labelled, table: string): Promise<Labelled | CorruptSampleError> {
  const name = row.text.trim();
  const path = isAbsolute(name) ? name : join(dirname(table), name);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return new CorruptSampleError(row.id, `it names ${name}, which is no file beside the table`);
  for await (const part of textFile({ path, id: name, bytes: found.size }))
    return part instanceof CorruptSampleError ? part : { ...row, text: part.text };
  return new CorruptSampleError(name, "the file is empty");
}

function labelledRow({ id, cells }: CellRow, textName: string, labelName: string): Labelled | CorruptSampleError {
  const [text, label] = [cells[0], cells[1]?.trim()];
  if (text === undefined || label === undefined)
    return new CorruptSampleError(id, `${textName} must be text and ${labelName} a name or number`);
  if (label !== "" && text.trim() === "") return new CorruptSampleError(id, `${textName} must be text, got nothing`);
  return { id, text, label };
}
