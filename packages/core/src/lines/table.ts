/**
 * A table for the terminal: columns two spaces apart, widths by what is visible.
 */
import { stripVTControlCharacters } from "node:util";

const width = (cell: string) => stripVTControlCharacters(cell).length;

export interface TableOptions {
  /** So many columns stand to the left, the others to the right. */
  left?: number;
}

/** Rows of cells under a head. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { left = 1 }: TableOptions = {},
): string {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ""))));
  const line = (cells: readonly string[]) =>
    widths
      .map((wanted, column) => {
        const cell = cells[column] ?? "";
        const space = " ".repeat(wanted - width(cell));
        return column < left ? cell + space : space + cell;
      })
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((wanted) => "─".repeat(wanted)).join("  "), ...rows.map(line)].join("\n");
}
