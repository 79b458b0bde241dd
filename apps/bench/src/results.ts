/**
 * What becomes of a record: a table for people, a file for programs, a line in the run's results.jsonl.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { readRun } from "@autodidact/core";
import { appendRecord, formatRecord, type ResultRecord } from "@autodidact/evaluate";
import type { LiveLine } from "./live-line.js";
import { recordTable } from "./record-table.js";

export interface Keeping {
  /** The run's that was measured; folders that are no runs get no line. */
  readonly folder: string;
  /** A file; `-` is the standard output, without a table. */
  readonly json?: string | undefined;
  readonly line: LiveLine;
}

export async function keepRecord(record: ResultRecord, { folder, json, line }: Keeping): Promise<void> {
  await addToRun(folder, record);
  line.end();
  const text = formatRecord(record);
  process.stdout.write(`${json === "-" ? text : recordTable([record])}\n`);
  if (json === undefined || json === "-") return;
  await writeFile(json, `${text}\n`);
  line.print(`record: ${json}`);
}

/** Every result of a run is in its folder. */
export async function addToRun(folder: string, record: ResultRecord): Promise<void> {
  const { config } = await readRun(folder);
  if (typeof config.method === "string") await appendRecord(join(folder, "results.jsonl"), record);
}
