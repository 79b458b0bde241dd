/**
 * Columns that say which part of the set a row is of. Parts are files here: such a column is not read, and that is said.
 */
import { CorruptSampleError, type DialectOptions, type SourceFile } from "@autodidact/core";
import { openTable } from "./table-file.js";

const SPLIT =
  /^((data_?)?(split|fold|partition|set|subset)|k_?folds?|train_?test(_?split)?|is_(train|test|valid(ation)?))$/i;
/** Parts are few: ten folds are usual. */
const MOST_PARTS = 20;
/** Rows that are looked at. */
const SAMPLED = 1000;

export const isSplitName = (name: string) => SPLIT.test(name.trim().replaceAll(/[ .-]+/g, "_"));

/** What is said of such a column; undefined where its values are no parts. */
export function splitRemark(name: string, values: Iterable<string>): string | undefined {
  const parts = [...new Set(Array.from(values, (value) => value.trim()).filter((value) => value !== ""))];
  if (parts.length === 0 || parts.length > MOST_PARTS) return undefined;
  const shown = `${parts.slice(0, 5).join(", ")}${parts.length > 5 ? ", …" : ""}`;
  return `the column ${name} (${shown}) is not read: to keep these parts apart, put each in a file of its own`;
}

/** The remarks on a table whose first row or own names name its columns; none where it cannot be read, which reading it tells. */
export async function splitRemarksOf(file: SourceFile, column: string, options: DialectOptions): Promise<string[]> {
  try {
    const table = await openTable(file, options);
    const names = table.names === undefined ? await namesIn(table.rows()) : table.names;
    const places = [...names.keys()].filter((place) => isSplitName(names[place]!) && names[place] !== column);
    if (places.length === 0) return [];
    const values = places.map((): string[] => []);
    let rows = 0;
    for await (const row of table.rows(places, table.names === undefined)) {
      if (!(row instanceof CorruptSampleError)) for (const [n, own] of values.entries()) own.push(row.cells[n] ?? "");
      rows += 1;
      if (rows === SAMPLED) break;
    }
    return places.flatMap((place, n) => splitRemark(names[place]!, values[n]!) ?? []);
  } catch {
    return [];
  }
}

async function namesIn(rows: ReturnType<Awaited<ReturnType<typeof openTable>>["rows"]>): Promise<readonly string[]> {
  for await (const row of rows) return row instanceof CorruptSampleError ? [] : row.cells.map((cell) => cell ?? "");
  return [];
}
