/**
 * Tables for other programs: columns of text or numbers as CSV, JSON or Parquet.
 */
import { parquetWriteBuffer } from "hyparquet-writer";

export interface TableColumn {
  readonly name: string;
  readonly type: "text" | "number";
  /** null where a row has none. */
  readonly values: readonly (string | number | null)[];
}

/** What a table can be written as. */
export const tableFormats = ["csv", "json", "parquet"] as const;
export type TableFormat = (typeof tableFormats)[number];

/** All columns must be of one length. */
export function encodeTable(columns: readonly TableColumn[], format: TableFormat): Uint8Array {
  const rows = columns[0]?.values.length ?? 0;
  const uneven = columns.find(({ values }) => values.length !== rows);
  if (uneven !== undefined) {
    throw new RangeError(
      `encodeTable: all columns must have as many rows, got ${rows} of ${columns[0]!.name} and ${uneven.values.length} of ${uneven.name}.`,
    );
  }
  if (format === "parquet") return parquetOf(columns);
  return new TextEncoder().encode(format === "csv" ? csvOf(columns, rows) : jsonOf(columns, rows));
}

/** RFC 4180; nothing stands for null. */
function csvOf(columns: readonly TableColumn[], rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => columns.map(({ values }) => csvField(values[row] ?? "")));
  return [columns.map(({ name }) => csvField(name)), ...lines].map((fields) => `${fields.join(",")}\r\n`).join("");
}

/** Quoted where it must be. */
export function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A list with an object a row, a row a line. */
function jsonOf(columns: readonly TableColumn[], rows: number): string {
  const objects = Array.from({ length: rows }, (_, row) =>
    JSON.stringify(Object.fromEntries(columns.map(({ name, values }) => [name, values[row]]))),
  );
  return objects.length === 0 ? "[]\n" : `[\n${objects.join(",\n")}\n]\n`;
}

function parquetOf(columns: readonly TableColumn[]): Uint8Array {
  const columnData = columns.map(({ name, type, values }) => ({
    name,
    data: [...values],
    type: type === "text" ? ("STRING" as const) : ("DOUBLE" as const),
    nullable: true,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
