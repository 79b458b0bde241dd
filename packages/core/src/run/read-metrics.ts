/**
 * A run's metrics as they stand, whether or not it goes on.
 */
import { type FileHandle, open } from "node:fs/promises";
import { type MetricsLogOptions, type MetricsRecord, parseRecord } from "../metrics/metrics-log.js";
import { lineBefore, wholeLines } from "../metrics/whole-lines.js";
import { metricsFile, readRun } from "./run.js";

/**
 * All records, in the order of their steps; none where nothing is logged yet.
 *
 * A damaged line is passed over, and `onDamaged` is told of it; one that is half written is still to come. Where the steps go back, the run
 * was resumed from an earlier one: what was logged before of that step and later ones is dropped. Several records of one step in a row stay.
 */
export async function readMetrics(
  folder: string,
  { onDamaged }: Pick<MetricsLogOptions, "onDamaged"> = {},
): Promise<MetricsRecord[]> {
  await readRun(folder); // throws where there is none
  const records: MetricsRecord[] = [];
  const file = await openIfThere(metricsFile(folder));
  if (file === undefined) return records;
  try {
    let number = 0;
    let lines = await wholeLines(file, 0);
    while (lines.length > 0) {
      for (const { text } of lines) {
        number += 1;
        const record = parseRecord(text);
        if (record === undefined) {
          onDamaged?.({ number, text });
          continue;
        }
        if (record.step < (records.at(-1)?.step ?? record.step)) dropFrom(records, record.step);
        records.push(record);
      }
      lines = await wholeLines(file, lines.at(-1)!.end);
    }
    return records;
  } finally {
    await file.close();
  }
}

/** Takes what is of a step and of later ones from a list's end. */
function dropFrom(records: MetricsRecord[], step: number): void {
  while (records.length > 0 && records.at(-1)!.step >= step) records.pop();
}

/** The last record of a run; undefined where there is none. Reads the end of the log alone. */
export async function lastRecord(folder: string): Promise<MetricsRecord | undefined> {
  const file = await openIfThere(metricsFile(folder));
  if (file === undefined) return undefined;
  try {
    let line = await lineBefore(file, (await file.stat()).size);
    while (line !== undefined && parseRecord(line.text) === undefined) line = await lineBefore(file, line.start); // damaged
    return line && parseRecord(line.text);
  } finally {
    await file.close();
  }
}

export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
