/**
 * What becomes of a record: a table for people, a file for programs, a line in the run's results.jsonl.
 */
import process from "node:process";
import { type LiveLine, writeOutput } from "@autodidact/core";
import { addToRun, assertReplaceableRecord, formatRecord, type ResultRecord, recordTable } from "@autodidact/evaluate";
import pc from "picocolors";

export interface Keeping {
  /** The run's that was measured; folders that are no runs get no line. Undefined of somebody else's encoder. */
  readonly folder: string | undefined;
  /** A file; `-` is the standard output, without a table. */
  readonly json?: string | undefined;
  readonly line: LiveLine;
}

export const tableStyle = { best: pc.bold, more: "--json FILE" };

/** To be asked before there is a record to keep. */
export async function assertKeepable(json: string | undefined): Promise<void> {
  if (json !== undefined && json !== "-") await assertReplaceableRecord(json, "--json");
}

export async function keepRecord(record: ResultRecord, { folder, json, line }: Keeping): Promise<void> {
  if (folder !== undefined) await addToRun(folder, record);
  line.end();
  const text = formatRecord(record);
  process.stdout.write(`${json === "-" ? text : recordTable([record], tableStyle)}\n`);
  if (json === undefined || json === "-") return;
  await writeOutput(json, (file) => file.writeFile(`${text}\n`));
  line.print(`record: ${json}`);
}
