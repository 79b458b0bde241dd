/**
 * Rows of a table, whatever kind of file it is in.
 */

import { UsageError } from "../usage-error.js";
import type { SourceFile } from "./source-files.js";

export interface Row {
  /** The file and the line that the row begins on, the header counted: `mails.csv:17`. */
  readonly id: string;
  readonly columns: readonly string[];
  value(column: string): unknown;
}

export function assertColumn(who: string, file: SourceFile, columns: readonly string[], column: string): void {
  const times = columns.filter((name) => name === column).length;
  if (times === 1) return;
  const must = times > 1 ? `one column ${column}, got ${times} of it in` : `a column ${column}, got`;
  throw new UsageError(
    `${who}: ${file.path} must have ${must} ${listed(columns)}. Name the column that holds it: { column: … }.`,
  );
}

/** The first of them, cut. */
export function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, 20).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  return `${shown.join(", ") || "none"}${columns.length > 20 ? ", …" : ""}`;
}
