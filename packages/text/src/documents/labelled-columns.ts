/**
 * Which columns of a table hold texts and classes, and whether its first row names them: told, else by their usual names, else by what they
 * hold. What does not settle it is refused with the columns and the option that does.
 */
import { listed, UsageError } from "@autodidact/core";
import { classNames } from "./class-names.js";
import { type ColumnContents, classLike, contentsOf, isNameLike, isNumber, textLike } from "./column-contents.js";
import { isIdName, isUsualName, labelPlaces, pairIn, textPlaces } from "./column-names.js";
import { type CorruptOptions, withoutCorrupt } from "./corrupt-documents.js";
import { isSplitName, splitRemark } from "./split-columns.js";
import type { TableFile } from "./table-file.js";

export interface ColumnOptions extends Pick<CorruptOptions, "maxCorrupt"> {
  /** The text's column, or its number from 1; found by its name or what it holds unless told. */
  textColumn?: string | undefined;
  /** The class's column, or its number from 1; found by its name or what it holds unless told. */
  labelColumn?: string | undefined;
  /** Whether the first row of CSV and TSV names the columns; found out unless told. */
  header?: boolean | undefined;
}

export interface LabelledColumns {
  readonly hasHeader: boolean;
  /** Of a table without names `column 1`, …. */
  readonly names: readonly string[];
  readonly text: number;
  /** The column of texts names files that hold them, beside the table. */
  readonly areFiles: boolean;
  /** Undefined where no column holds classes. */
  readonly label: number | undefined;
  /** What is said of columns that part the rows and are not read. */
  readonly remarks: readonly string[];
}

/** Rows that are looked at. */
const SAMPLED = 20_000;

export interface TableHead {
  readonly hasHeader: boolean;
  /** `names` are the table's own. */
  readonly isNamed: boolean;
  readonly names: readonly string[];
  /** The first rows below the names. */
  readonly sample: readonly (readonly string[])[];
}

/** `known` are the classes of the part that is learned from, if this is another one. */
export async function headOf(
  table: TableFile,
  options: ColumnOptions = {},
  known?: readonly string[],
): Promise<TableHead> {
  const sample = await sampleOf(table, options.maxCorrupt);
  const hasHeader = table.names === undefined && headerIn(table, sample, options, known);
  const names = table.names ?? (hasHeader ? sample[0]!.map((cell) => cell.trim()) : numbered(sample[0]?.length ?? 0));
  const isNamed = table.names !== undefined || hasHeader;
  return { hasHeader, isNamed, names, sample: hasHeader ? sample.slice(1) : sample };
}

export async function labelledColumns(
  table: TableFile,
  options: ColumnOptions = {},
  known?: readonly string[],
): Promise<LabelledColumns> {
  const head = await headOf(table, options, known);
  const { hasHeader, isNamed, names, sample } = head;
  const toldLabel = toldPlace(table, head, "labelColumn", options.labelColumn);
  const toldText = toldPlace(table, head, "textColumn", options.textColumn);
  assertNoPair(table, head, toldText);
  const columns = [...names.keys()].map((place) => contentsOf(sample.map((row) => row[place] ?? "")));
  const isFree = (taken: number | undefined) => (place: number) =>
    place !== taken && !(isNamed && isIdName(names[place]!));

  const label =
    toldLabel ??
    oneOf(table, names, "labelColumn", [
      () => (isNamed ? withItsLike(labelPlaces(names).filter(isFree(toldText)), names, columns) : []),
      () =>
        columns
          .flatMap(({ counts }, place) => (areKnown(counts.keys(), known) ? [place] : []))
          .filter(isFree(toldText)),
      () => classLike(columns).filter(isFree(toldText)),
    ]);
  const text =
    toldText ??
    oneOf(table, names, "textColumn", [
      () => (isNamed ? textPlaces(names).filter(isFree(label)) : []),
      () => [...names.keys()].filter((place) => namesTextFiles(sample, place)).filter(isFree(label)),
      () => textLike(columns, label).filter(isFree(label)),
    ]);
  if (text === undefined) throw unsettled(table, names, "textColumn", "a column of texts");
  const remarks = names.flatMap((name, place) =>
    isNamed && place !== text && place !== label && isSplitName(name)
      ? (splitRemark(name, columns[place]!.counts.keys()) ?? [])
      : [],
  );
  return { hasHeader, names, text, areFiles: namesTextFiles(sample, text), label, remarks };
}

/** Whether all that a column holds is the name of a file of text. */
function namesTextFiles(sample: readonly (readonly string[])[], place: number): boolean {
  return sample.length > 0 && sample.every((row) => /^[^\n]*\S\.(txt|md)$/i.test((row[place] ?? "").trim()));
}

/** A column of 0 and 1 beside others of 0 and 1 is one of several answers, as in sets where a text may be toxic, obscene or both. */
function withItsLike(
  places: readonly number[],
  names: readonly string[],
  columns: readonly ColumnContents[],
): readonly number[] {
  const isBinary = (place: number) => {
    const { counts } = columns[place]!;
    return counts.size > 0 && counts.size <= 2 && [...counts.keys()].every((value) => value === "0" || value === "1");
  };
  const [place] = places;
  if (places.length !== 1 || /^(labels?|class)$/i.test(names[place!]!) || !isBinary(place!)) return places;
  return [...names.keys()].filter(isBinary);
}

/** Whether all values are classes that are known already. */
function areKnown(values: Iterable<string>, known: readonly string[] | undefined): boolean {
  if (known === undefined) return false;
  const { classOf } = classNames(known);
  const labels = [...values].map(classOf);
  return labels.length > 0 && labels.every((label) => known.includes(label));
}

async function sampleOf(table: TableFile, maxCorrupt: number | undefined): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const { cells } of withoutCorrupt("openLabelledText", table.rows(), { maxCorrupt })) {
    rows.push(cells.map((cell) => cell ?? ""));
    if (rows.length === SAMPLED) break;
  }
  return rows;
}

const numbered = (count: number) => Array.from({ length: count }, (_, place) => `column ${place + 1}`);

function toldPlace(
  table: TableFile,
  { names, isNamed }: TableHead,
  option: "textColumn" | "labelColumn",
  told: string | undefined,
): number | undefined {
  if (told === undefined) return undefined;
  const places = [...names.keys()].filter((place) => isNamed && names[place] === told.trim());
  if (places.length === 1) return places[0];
  if (places.length === 0 && /^[1-9]\d*$/.test(told) && Number(told) <= names.length) return Number(told) - 1;
  const got = isNamed ? `got ${listed(names)}` : `and has ${names.length} without names: give a number`;
  const must = places.length > 1 ? `one column ${told}` : `a column ${told}`;
  throw new UsageError(`${table.file.path} must have ${must}, ${got}. Set another: { ${option}: … }.`);
}

function assertNoPair(table: TableFile, { names, isNamed }: TableHead, toldText: number | undefined): void {
  const pair = isNamed && toldText === undefined ? pairIn(names) : undefined;
  if (pair === undefined) return;
  const [first, second] = pair;
  throw new UsageError(
    `${table.file.path} must have one text a class, and ${first} with ${second} are pairs, which cannot be learned or measured yet. ` +
      `To take one of the two alone, set { textColumn: ${JSON.stringify(first)} } or { textColumn: ${JSON.stringify(second)} }.`,
  );
}

/** The one place that the first way which finds any finds; undefined where none does. */
function oneOf(
  table: TableFile,
  names: readonly string[],
  option: "textColumn" | "labelColumn",
  ways: readonly (() => readonly number[])[],
): number | undefined {
  for (const way of ways) {
    const places = way();
    if (places.length === 1) return places[0];
    if (places.length > 1) {
      const what = option === "textColumn" ? "the text" : "the class";
      const several = places.map((place) => JSON.stringify(names[place]));
      throw unsettled(table, names, option, `one column of ${what}, and ${several.join(" and ")} could be it`);
    }
  }
  return undefined;
}

export function unsettled(
  { file }: TableFile,
  names: readonly string[],
  option: "textColumn" | "labelColumn",
  must: string,
): Error {
  return new UsageError(`${file.path} must have ${must}. Its columns: ${listed(names)}. Name it: { ${option}: … }.`);
}

/** Whether the first row names the columns rather than being one like the others. */
function headerIn(
  table: TableFile,
  sample: readonly (readonly string[])[],
  { header, textColumn, labelColumn }: ColumnOptions,
  known: readonly string[] | undefined,
): boolean {
  if (header !== undefined) return header;
  const [first = [], ...below] = sample;
  const cells = first.map((cell) => cell.trim());
  if ([textColumn, labelColumn].some((told) => told !== undefined && cells.includes(told.trim()))) return true;
  const usual = [...cells.keys()].filter((place) => isUsualName(cells[place]!));
  const comesAgain = (place: number) => below.some((row) => row[place]?.trim() === cells[place]);
  if (usual.length > 0 && !usual.some(comesAgain) && new Set(cells).size === cells.length) return true;
  if (below.length === 0) return false;
  if (known?.some((name) => cells.includes(name))) return false;

  const columns = cells.map((_, place) => contentsOf(below.map((row) => row[place] ?? "")));
  if ([...cells.keys()].some((place) => cells[place] !== "" && comesAgain(place))) return false;
  const labels = classLike(columns);
  const isNumbered = (place: number) => columns[place]!.filled > 1 && columns[place]!.numeric >= 0.9;
  const isNamedNumber = (place: number) => isNumbered(place) && cells[place] !== "" && !isNumber(cells[place]!);
  const isOverNumbers = [...cells.keys()].some(isNamedNumber);
  const texts = textLike(columns, labels[0]);
  const isText = texts.length > 0 && texts.every((place) => !isNameLike(cells[place]!));
  if (isOverNumbers !== isText) return isOverNumbers;
  if (isText) throw unclearHeader(table, cells);
  if (cells.every(isNameLike) && texts.some((place) => columns[place]!.meanWords >= 4)) return true;
  if (labels.length === 0 && !cells.every(isNameLike)) return false;
  throw unclearHeader(table, cells);
}

function unclearHeader({ file }: TableFile, cells: readonly string[]): Error {
  return new UsageError(
    `${file.path}: its first row, ${listed(cells)}, may name the columns or be one of them. ` +
      `Set { header: true } or { header: false }.`,
  );
}
