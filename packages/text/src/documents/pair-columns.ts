/**
 * Which columns of a table are source and target, and whether its first row names them.
 */
import { CorruptSampleError, listed, UsageError } from "@autodidact/core";
import type { ColumnOptions } from "./labelled-columns.js";
import type { TableFile } from "./table-file.js";

export interface PairColumns {
  readonly hasHeader: boolean;
  readonly source: { readonly place: number; readonly name: string };
  readonly target: { readonly place: number; readonly name: string };
}

const SOURCE = /^(source|src|input|from|original|source[_ ]?(text|sentence))$/i;
const TARGET = /^(target|tgt|trg|output|to|translation|target[_ ]?(text|sentence))$/i;
/** Names of languages in English, as tables of pairs have them above. */
const LANGUAGES = new Set(
  "arabic bengali bulgarian catalan chinese croatian czech danish dutch english estonian finnish french german greek hebrew hindi hungarian icelandic indonesian italian japanese korean latin latvian lithuanian norwegian persian polish portuguese romanian russian serbian slovak slovenian spanish swahili swedish thai turkish ukrainian vietnamese".split(
    " ",
  ),
);
const CODE = /^[a-z]{2,3}([-_][a-z]{2,4})?$/i;

export async function headOfPairs(
  table: TableFile,
  options: Pick<ColumnOptions, "textColumn" | "labelColumn" | "header">,
): Promise<PairColumns> {
  const first = table.names ?? (await firstRow(table));
  const cells = first.map((cell) => cell.trim());
  const hasHeader = table.names === undefined && isHeader(table, cells, options);
  const names = table.names !== undefined || hasHeader ? cells : undefined;
  const nameOf = (place: number) => names?.[place] ?? `column ${place + 1}`;
  const source = placeOf(
    table,
    { names, count: cells.length, what: "source", option: "textColumn" },
    options.textColumn,
  );
  const target = placeOf(
    table,
    { names, count: cells.length, what: "target", option: "labelColumn" },
    options.labelColumn,
  );
  if (source !== target)
    return {
      hasHeader,
      source: { place: source, name: nameOf(source) },
      target: { place: target, name: nameOf(target) },
    };
  throw new UsageError(
    `${table.file.path} must have a column of sources and another of targets, and both would be ${nameOf(source)}. Set another: { labelColumn: … }.`,
  );
}

async function firstRow(table: TableFile): Promise<string[]> {
  for await (const row of table.rows())
    if (!(row instanceof CorruptSampleError)) return row.cells.map((cell) => cell ?? "");
  throw new UsageError(`${table.file.path} must hold pairs of texts, and it has no row.`);
}

function isHeader(
  { file }: TableFile,
  cells: readonly string[],
  { header, textColumn, labelColumn }: Pick<ColumnOptions, "textColumn" | "labelColumn" | "header">,
): boolean {
  if (header !== undefined) return header;
  if ([textColumn, labelColumn].some((told) => told !== undefined && cells.includes(told.trim()))) return true;
  if (cells.some((cell) => SOURCE.test(cell)) && cells.some((cell) => TARGET.test(cell))) return true;
  if (new Set(cells).size !== cells.length) return false;
  if (cells.every((cell) => LANGUAGES.has(cell.toLowerCase()))) return true;
  if (!cells.every((cell) => CODE.test(cell))) return false;
  throw new UsageError(
    `${file.path}: its first row, ${listed(cells)}, may name languages or be a pair. Set { header: true } or { header: false }.`,
  );
}

interface Wanted {
  readonly names: readonly string[] | undefined;
  readonly count: number;
  readonly what: "source" | "target";
  readonly option: "textColumn" | "labelColumn";
}

function placeOf({ file }: TableFile, { names, count, what, option }: Wanted, told: string | undefined): number {
  if (told !== undefined) {
    const named = names?.indexOf(told.trim()) ?? -1;
    if (named !== -1) return named;
    if (/^[1-9]\d*$/.test(told) && Number(told) <= count) return Number(told) - 1;
  } else {
    const usual = what === "source" ? SOURCE : TARGET;
    const found = names?.flatMap((name, place) => (usual.test(name) ? [place] : [])) ?? [];
    if (found.length === 1) return found[0]!;
    if (count === 2) return what === "source" ? 0 : 1;
  }
  const got = names === undefined ? `${count} without names` : listed(names);
  const must = told === undefined ? `two columns, source and target` : `a column ${told}`;
  throw new UsageError(`${file.path} must have ${must}, got ${got}. Name the ${what} or its number: { ${option}: … }.`);
}
