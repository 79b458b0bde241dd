/**
 * Texts with a class each, for evaluation and fine-tuning: whole in memory.
 */
import { CorruptSampleError } from "@autodidact/core";
import { type CorruptOptions, withoutCorrupt } from "./corrupt-documents.js";
import { decodeRecord, records } from "./delimited.js";
import { jsonLines } from "./json-lines.js";
import { assertColumn } from "./rows.js";
import { type SourceFile, sourceFiles } from "./source-files.js";

export interface LabelledTextOptions extends CorruptOptions {
  /** Column of the text. Unless told: `text`, `sentence`, `review` or `content`, or the first of a CSV or TSV file without a line of names. */
  textColumn?: string;
  /** Column of the class. Unless told: `label`, `class`, `category` or `sentiment`, or the second of a file without a line of names. */
  labelColumn?: string;
  /** The classes of another file, whose numbers these labels are to have. */
  classes?: readonly string[];
}

export interface LabelledText {
  readonly texts: readonly string[];
  /** Places in `classes`. */
  readonly labels: Int32Array;
  /** The classes in the order of their names, or of their numbers. */
  readonly classes: readonly string[];
}

interface Labelled {
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

const textNames = ["text", "sentence", "review", "content"];
const labelNames = ["label", "class", "category", "sentiment"];

/** A CSV or TSV file, with a line of names or without one, or JSON Lines. */
export async function openLabelledText(path: string, options: LabelledTextOptions = {}): Promise<LabelledText> {
  const files = await sourceFiles("openLabelledText", path);
  const [file] = files;
  const isTable = file !== undefined && /\.(csv|tsv)(\.gz)?$/i.test(file.id);
  const isLines = file !== undefined && /\.(jsonl|ndjson)(\.gz)?$/i.test(file.id);
  if (files.length !== 1 || !(isTable || isLines)) {
    const got = files.map(({ id }) => id).slice(0, 5);
    throw new Error(
      `openLabelledText: ${path} must be one file, .csv, .tsv, .jsonl or .ndjson, got ${got.join(", ") || "an empty folder"}.`,
    );
  }

  const texts: string[] = [];
  const names: string[] = [];
  const rows = isTable ? fromTable(file, options) : fromJsonLines(file, options);
  for await (const { text, label } of withoutCorrupt("openLabelledText", rows, options)) {
    texts.push(text);
    names.push(label);
  }
  if (texts.length === 0) throw new Error(`openLabelledText: ${path} must have rows, got none.`);
  const classes = options.classes ?? inOrder(names);
  const places = new Map(classes.map((name, place) => [name, place]));
  const unknown = names.find((name) => !places.has(name));
  if (unknown !== undefined)
    throw new Error(`openLabelledText: the labels of ${path} must be ${classes.join(", ")}, got ${unknown}.`);
  return { texts, labels: Int32Array.from(names, (name) => places.get(name)!), classes };
}

async function* fromTable(
  file: SourceFile,
  options: LabelledTextOptions,
): AsyncGenerator<Labelled | CorruptSampleError> {
  let places: Columns<number> | undefined;
  let number = 0;
  for await (const record of records(file)) {
    if (record instanceof CorruptSampleError) {
      yield record;
      continue;
    }
    const id = `${file.id}:${number + 1}`;
    const fields = decodeRecord(id, record);
    if (fields instanceof CorruptSampleError) {
      yield fields;
      number += 1;
      continue;
    }
    if (places === undefined) {
      const columns = columnsOf(file, fields, options);
      places = columns && { text: fields.indexOf(columns.text), label: fields.indexOf(columns.label) };
      if (places !== undefined) continue; // the line of names
      if (fields.length < 2) assertColumn("openLabelledText", file, fields, labelNames[0]!);
      places = { text: 0, label: 1 };
    }
    number += 1;
    yield { id, text: fields[places.text]!, label: fields[places.label]!.trim() };
  }
}

async function* fromJsonLines(
  file: SourceFile,
  options: LabelledTextOptions,
): AsyncGenerator<Labelled | CorruptSampleError> {
  let columns: Columns<string> | undefined;
  for await (const row of jsonLines(file)) {
    if (row instanceof CorruptSampleError) {
      yield row;
      continue;
    }
    columns ??= columnsOf(file, row.columns, options);
    if (columns === undefined) {
      assertColumn("openLabelledText", file, row.columns, textNames[0]!);
      assertColumn("openLabelledText", file, row.columns, labelNames[0]!);
      return;
    }
    const text = row.value(columns.text);
    const label = row.value(columns.label);
    if (typeof text === "string" && ["string", "number", "boolean"].includes(typeof label))
      yield { id: row.id, text, label: String(label) };
    else yield new CorruptSampleError(row.id, `${columns.text} must be text and ${columns.label} a name or number`);
  }
}

interface Columns<Name> {
  readonly text: Name;
  readonly label: Name;
}

/** Which columns hold text and label; undefined where none was named and none has a usual name. */
function columnsOf(
  file: SourceFile,
  found: readonly string[],
  { textColumn, labelColumn }: LabelledTextOptions,
): Columns<string> | undefined {
  for (const column of [textColumn, labelColumn])
    if (column !== undefined) assertColumn("openLabelledText", file, found, column);
  const usual = (names: readonly string[]) => found.find((name) => names.includes(name.toLowerCase()));
  const text = textColumn ?? usual(textNames);
  const label = labelColumn ?? usual(labelNames);
  if (text !== undefined && label !== undefined) return { text, label };
  if (textColumn === undefined && labelColumn === undefined) return undefined;
  assertColumn("openLabelledText", file, found, text === undefined ? textNames[0]! : labelNames[0]!);
  return undefined;
}

function inOrder(names: readonly string[]): string[] {
  const classes = [...new Set(names)];
  const areNumbers = classes.every((name) => name !== "" && Number.isFinite(Number(name)));
  if (areNumbers) return classes.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  return classes.sort(); // by UTF-16 units: the same on every machine
}
