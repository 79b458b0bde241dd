/**
 * All rows of a labelled set: those to learn from and those to be tested on, and what was understood of its files.
 */
import { type FoundData, type PassedOver, type SourceFile, UsageError } from "@autodidact/core";
import { classNames } from "./class-names.js";
import { headOf, type TableHead } from "./labelled-columns.js";
import { type LabelledParts, labelledParts, type PartFiles } from "./labelled-parts.js";
import { classified, type LabelledRows, type LabelledText, readLabelled, type TableOptions } from "./labelled-text.js";
import { passedOver, summary } from "./passed-over.js";
import { openTable } from "./table-file.js";

export interface LabelledSetOptions extends TableOptions {
  /** The file of the test part; beside the training part unless told. */
  readonly test?: string | undefined;
}

export interface LabelledSetPart extends LabelledText {
  readonly name: PartFiles["name"];
  readonly files: readonly SourceFile[];
  readonly ids: readonly string[];
}

export interface LabelledSet {
  readonly train: LabelledSetPart;
  /** Undefined where one table is all there is. */
  readonly test: LabelledSetPart | undefined;
  /** What was understood, without its parts. */
  readonly found: Omit<FoundData, "parts">;
}

export async function readLabelledSet(path: string, options: LabelledSetOptions = {}): Promise<LabelledSet> {
  const parts = await labelledParts(path);
  const learnedFrom = parts.train ?? { name: "train" as const, files: parts.whole };
  const rows = await readLabelled(learnedFrom.files, options);
  const train = partOf(learnedFrom, rows, classified(learnedFrom.files[0]!.path, rows, options));
  const told = options.test === undefined ? undefined : await toldPart(options.test);
  const asked = told === undefined ? (parts.train === undefined ? [] : parts.asked) : [told];
  const unlabelled: PartFiles[] = [];
  let test: { part: LabelledSetPart; rows: LabelledRows } | undefined;
  for (const part of asked) {
    const answers = await askedRows(part, rows, train.classes, options);
    if (answers === undefined) unlabelled.push(part);
    else {
      test = {
        rows: answers,
        part: partOf(part, answers, classified(part.files[0]!.path, answers, { ...options, classes: train.classes })),
      };
      break;
    }
  }
  if (test === undefined && (parts.train !== undefined || told !== undefined)) throw withoutTest(path, unlabelled);
  const found = foundOf(parts, { train, test: test?.part }, { rows: [rows, ...(test ? [test.rows] : [])], unlabelled });
  return { train, test: test?.part, found };
}

async function toldPart(path: string): Promise<PartFiles> {
  const { train, whole, asked } = await labelledParts(path);
  const files = whole.length > 0 ? whole : (asked[0] ?? train)!.files;
  return { name: "test", files };
}

function partOf({ name, files }: PartFiles, { ids }: LabelledRows, text: LabelledText): LabelledSetPart {
  return { ...text, name, files, ids };
}

/** The rows of another part, read as those that are learned from; undefined where it has no labels. */
async function askedRows(
  { files }: PartFiles,
  learned: LabelledRows,
  classes: readonly string[],
  options: LabelledSetOptions,
): Promise<LabelledRows | undefined> {
  const table = await openTable(files[0]!, options);
  const told = columnsAsIn(learned, await headOf(table, options, classes), options);
  if (told === undefined) return undefined;
  const rows = await readLabelled(files, { ...options, ...told }, classes);
  const { classOf } = classNames(rows.labels);
  const isHidden = !classes.includes("-1") && rows.labels.every((label) => classOf(label) === "-1"); // as Hugging Face's hub has them
  return rows.texts.length === 0 || isHidden ? undefined : rows;
}

/** The columns of the part that is learned from, in another part; undefined where that has none of labels. */
function columnsAsIn(
  { columns, table }: LabelledRows,
  head: TableHead,
  { textColumn, labelColumn }: LabelledSetOptions,
): { textColumn: string | undefined; labelColumn: string | undefined; header: boolean } | undefined {
  const [text, label] = [columns.names[columns.text]!, columns.names[columns.label!]!];
  const isNamed = columns.hasHeader || table.names !== undefined;
  const header = head.hasHeader;
  if (isNamed && head.isNamed) {
    if (!head.names.includes(label)) return undefined;
    return { textColumn: head.names.includes(text) ? text : textColumn, labelColumn: label, header };
  }
  if (head.names.length !== columns.names.length) return undefined;
  const numbers = { textColumn: String(columns.text + 1), labelColumn: String(columns.label! + 1) };
  return { ...(isNamed || textColumn === undefined ? numbers : { textColumn, labelColumn }), header };
}

function withoutTest(path: string, unlabelled: readonly PartFiles[]): Error {
  const names = unlabelled.flatMap(({ files }) => files.map(({ id }) => id));
  const got = names.length === 0 ? "has no test part" : `only ${names.join(", ")} without labels`;
  return new UsageError(
    `openLabelledTexts: ${path} must hold a test part beside its train part, and ${got}. Put test.tsv (or dev.tsv) with labels beside train.tsv.`,
  );
}

function foundOf(
  parts: LabelledParts,
  { train, test }: Pick<LabelledSet, "train" | "test">,
  { rows, unlabelled }: { rows: readonly LabelledRows[]; unlabelled: readonly PartFiles[] },
): LabelledSet["found"] {
  const { table, columns } = rows[0]!;
  const reading = [...table.said];
  if (columns.areFiles) reading.push("each text in the file that its row names");
  if (table.names === undefined && !columns.hasHeader) reading.push("without a line of names");
  const read = [...train.files, ...(test?.files ?? [])];
  const named = [...read, ...unlabelled.flatMap(({ files }) => files)];
  const others = parts.asked.filter(({ files }) => !files.some((file) => named.includes(file)));
  const beside = others.flatMap(({ files }) => files);
  const without = rows.reduce((sum, { unlabelled: count }) => sum + count, 0);
  const passed: PassedOver[] = [
    { what: "rows without a label", count: without, names: [] },
    summary("files without labels", idsOf(unlabelled)),
    summary("files of other parts", idsOf(others)),
    ...passedOver(parts.all, [...named, ...beside]),
  ];
  return {
    kind: table.kind,
    classes: train.classes,
    columns: { text: columns.names[columns.text]!, label: columns.names[columns.label!]! },
    reading,
    passedOver: passed.filter(({ count }) => count > 0),
    ...(columns.remarks.length > 0 && { remarks: columns.remarks }),
  };
}

const idsOf = (parts: readonly PartFiles[]) => parts.flatMap(({ files }) => files.map(({ id }) => id));
