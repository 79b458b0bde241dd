/**
 * Tables that name recordings: CSV, TSV or JSON Lines with a column of files; Common Voice's train.tsv beside clips/.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import {
  CorruptSampleError,
  type DialectOptions,
  delimited,
  jsonLines,
  type PartName,
  partsAmong,
  type Row,
  type SourceFile,
  UsageError,
} from "@autodidact/core";
import { isSoundFile } from "./sound-formats.js";
import { type TableColumns, type TableOptions, tableColumns } from "./table-columns.js";

export interface SoundTable {
  readonly file: SourceFile;
  readonly columns: TableColumns;
  /** Undefined where a column may tell it. */
  readonly part: PartName | undefined;
}

export interface ChosenTables {
  readonly tables: readonly SoundTable[];
  /** Tables that are not read, by why. */
  readonly beside: readonly { readonly what: string; readonly id: string }[];
}

export type ManifestOptions = TableOptions & DialectOptions;

/** Rows in which columns are looked for: of JSON Lines a row need not have all. */
const NAMING_ROWS = 100;

export const rowsOf = (file: SourceFile, options: DialectOptions): AsyncIterable<Row | CorruptSampleError> =>
  /\.(csv|tsv)(\.gz)?$/i.test(file.id) ? delimited(file, options) : jsonLines(file, options);

/** What a row says, as text; what is neither text nor number says nothing. */
export function fieldsOf(row: Row): Record<string, string> {
  const told = row.columns.flatMap((column): [string, string][] => {
    const value = row.value(column);
    const isPlain = ["string", "number", "boolean", "bigint"].includes(typeof value);
    const text = isPlain ? String(value).trim() : "";
    return text === "" ? [] : [[column, text]];
  });
  return Object.fromEntries(told);
}

/** Those of a folder that have a column of files: of several the ones that are named as parts. */
export async function chooseTables(
  root: string,
  ids: readonly string[],
  options: ManifestOptions,
): Promise<ChosenTables> {
  const beside: { what: string; id: string }[] = [];
  const tables: SoundTable[] = [];
  for (const id of ids) {
    const table = await openTable({ path: join(root, id), id, bytes: 0 }, options);
    if (table === undefined) beside.push({ what: "tables without a column of files", id });
    else tables.push(table);
  }
  const stems = new Map(tables.map((table) => [table, basename(table.file.id).replace(/\.[^.]+(\.gz)?$/i, "")]));
  const parts = partsAmong(stems.values());
  const named = tables.flatMap((table) => {
    const part = parts.get(stems.get(table)!);
    return part === undefined ? [] : [{ ...table, part }];
  });
  if (named.length > 0) {
    for (const table of tables) {
      if (!parts.has(stems.get(table)!)) beside.push({ what: "tables of no part", id: table.file.id });
    }
    return { tables: named, beside };
  }
  if (tables.length <= 1) return { tables, beside };
  const got = tables.slice(0, 6).map(({ file }) => file.id);
  throw new UsageError(
    `openSounds: ${root} holds several tables of recordings, none of them named as a part: ${got.join(", ")}. ` +
      "Name the path of one, or call them train, validation and test.",
  );
}

/** Undefined where it has no column of files. */
export async function openTable(file: SourceFile, options: ManifestOptions): Promise<SoundTable | undefined> {
  const names = new Set<string>();
  const rows: Record<string, string>[] = [];
  for await (const row of rowsOf(file, options)) {
    if (row instanceof CorruptSampleError) continue;
    for (const column of row.columns) names.add(column);
    rows.push(fieldsOf(row));
    if (rows.length === NAMING_ROWS) break;
  }
  const columns = tableColumns(file.path, [...names], rows, options);
  return columns === undefined ? undefined : { file, columns, part: undefined };
}

/** Where recordings of a table lie: beside it, or in one of these folders. */
const FOLDERS = ["", "clips", "wavs", "wav", "audio"];
const ENDINGS = ["", ".wav", ".flac", ".mp3", ".ogg", ".opus"];

/** The path of the file that a row names; undefined where there is none. */
export function fileFinder(): (table: string, value: string) => Promise<string | undefined> {
  const listings = new Map<string, Promise<ReadonlySet<string>>>();
  const namesIn = (folder: string) => {
    const known =
      listings.get(folder) ??
      readdir(folder).then(
        (names) => new Set(names),
        () => new Set<string>(),
      );
    listings.set(folder, known);
    return known;
  };
  return async (table, value) => {
    const endings = isSoundFile(value) ? [""] : ENDINGS;
    for (const folder of isAbsolute(value) ? [""] : FOLDERS) {
      const named = isAbsolute(value) ? value : join(dirname(table), folder, value);
      const names = await namesIn(dirname(named));
      const ending = endings.find((end) => names.has(basename(named) + end));
      if (ending !== undefined && (await isNoFolder(named + ending))) return named + ending;
    }
    return undefined;
  };
}

const isNoFolder = (path: string) =>
  stat(path).then(
    (file) => !file.isDirectory(),
    () => true, // a link that leads nowhere is named when it is read
  );

/** With slashes, below the root where it lies there. */
export function idBelow(root: string, path: string): string {
  const below = relative(root, path);
  return below.startsWith("..") || isAbsolute(below) ? path : below.split(sep).join("/");
}
