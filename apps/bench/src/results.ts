/**
 * What becomes of a record: a table for people, a file for programs, a line in the run's results.jsonl.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { readRun } from "@autodidact/core";
import { appendRecord, formatRecord, parseRecord, type ResultRecord } from "@autodidact/evaluate";
import type { LiveLine } from "./live-line.js";
import { writeOutput } from "./output-file.js";
import { recordTable } from "./record-table.js";
import { UsageError } from "./usage-error.js";

export interface Keeping {
  /** The run's that was measured; folders that are no runs get no line. */
  readonly folder: string;
  /** A file; `-` is the standard output, without a table. */
  readonly json?: string | undefined;
  readonly line: LiveLine;
}

/** A record is written over by the next one; a file that is none is the user's. To be asked before there is one to keep. */
export async function assertReplaceableRecord(json: string | undefined): Promise<void> {
  if (json === undefined || json === "-") return;
  const found = await stat(json).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size === 0) return; // a pipe takes what comes
  try {
    parseRecord(await readFile(json, "utf8"));
  } catch {
    throw new UsageError(`--json ${json} is there already, and is no record of a result. Name another file.`);
  }
}

export async function keepRecord(record: ResultRecord, { folder, json, line }: Keeping): Promise<void> {
  await addToRun(folder, record);
  line.end();
  const text = formatRecord(record);
  process.stdout.write(`${json === "-" ? text : recordTable([record])}\n`);
  if (json === undefined || json === "-") return;
  await writeOutput(json, (file) => file.writeFile(`${text}\n`));
  line.print(`record: ${json}`);
}

/** Every result of a run is in its folder. */
export async function addToRun(folder: string, record: ResultRecord): Promise<void> {
  const { config } = await readRun(folder);
  if (typeof config.method === "string") await appendRecord(join(folder, "results.jsonl"), record);
}
