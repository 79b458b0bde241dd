/**
 * A table of any columns, as a terminal shows it.
 */
import { grouped, type TableColumn, table } from "@autodidact/core";

const MOST_ROWS = 1000;
const MOST_LETTERS = 100;

/** Nulls are dashes; what a terminal would obey is a space. */
export function describeColumns(columns: readonly TableColumn[]): string {
  const rows = columns[0]?.values.length ?? 0;
  if (columns.length === 0) return "nothing was asked for";
  const firstNumber = columns.findIndex(({ type }) => type === "number");
  const shown = Array.from({ length: Math.min(rows, MOST_ROWS) }, (_, row) =>
    columns.map(({ values }) => inCell(values[row]!)),
  );
  const left = firstNumber === -1 ? columns.length : firstNumber;
  const parts = [
    table(
      columns.map(({ name }) => inCell(name)),
      shown,
      { left },
    ),
  ];
  if (rows === 0) parts.push("no rows");
  if (rows > MOST_ROWS) parts.push(`… and ${grouped(rows - MOST_ROWS)} more rows: --out FILE holds all of them`);
  return parts.join("\n");
}

function inCell(value: string | number | null): string {
  if (value === null) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const line = value.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  const letters = [...line];
  return letters.length <= MOST_LETTERS ? line : `${letters.slice(0, MOST_LETTERS - 1).join("")}…`;
}
