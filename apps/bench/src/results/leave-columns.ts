/**
 * A table that leaves for other programs: in a new file, or on the standard output.
 */
import process from "node:process";
import { encodeTable, type TableColumn, type TableFormat, writeNew } from "@autodidact/core";

export async function leaveColumns(columns: readonly TableColumn[], format: TableFormat, out: string): Promise<void> {
  const bytes = encodeTable(columns, format);
  if (out === "-") process.stdout.write(bytes);
  else await writeNew(out, "--out", (write) => write(bytes));
}
