/**
 * results.jsonl: one record a line, appended and never rewritten.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { appendLine, readLines, readRun, UsageError } from "@autodidact/core";
import { formatRecord, parseRecord } from "./record.js";
import type { ResultRecord } from "./schema.js";

export interface Journal {
  /** The records in the order of the file, each once. */
  readonly records: readonly ResultRecord[];
  readonly damaged: readonly DamagedLine[];
}

export interface DamagedLine {
  /** The line's number, from 1. */
  readonly line: number;
  readonly reason: string;
}

/** Every record that can be read, and which lines cannot; none of either where there is no file yet. */
export async function readRecords(file: string): Promise<Journal> {
  const { entries, damaged } = await readEntries(file, parseRecord);
  const records = new Map<string, ResultRecord>();
  for (const record of entries) if (!records.has(record.id)) records.set(record.id, record);
  return { records: [...records.values()], damaged };
}

/** The same of a journal of anything: every line that `parse` takes, and which it refuses. */
export async function readEntries<Entry>(
  file: string,
  parse: (text: string) => Entry,
): Promise<{ entries: Entry[]; damaged: DamagedLine[] }> {
  const entries: Entry[] = [];
  const damaged: DamagedLine[] = [];
  for (const { number, text } of await readLines(file)) {
    try {
      entries.push(parse(text));
    } catch (error) {
      damaged.push({ line: number, reason: (error as Error).message });
    }
  }
  return { entries, damaged };
}

/**
 * Waits until the record is on the disk. The same record twice is one: false where it was there. A line that a killed process left
 * unfinished stays as it is, and the record begins a line of its own.
 */
export async function appendRecord(file: string, record: ResultRecord): Promise<boolean> {
  const { records } = await readRecords(file);
  if (records.some(({ id }) => id === record.id)) return false;
  await appendLine(file, formatRecord(record));
  return true;
}

/** Every result of a run is in its folder's results.jsonl; folders that are no runs get no line. */
export async function addToRun(folder: string, record: ResultRecord): Promise<void> {
  const { config } = await readRun(folder);
  if (typeof config.method === "string") await appendRecord(join(folder, "results.jsonl"), record);
}

/** A file of a record is written over by the next one; one that is none is the user's. To be asked before there is one to keep. */
export async function assertReplaceableRecord(path: string, name: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size === 0) return; // a pipe takes what comes
  try {
    parseRecord(await readFile(path, "utf8"));
  } catch {
    throw new UsageError(`${name} ${path} is there already, and is no record of a result. Name another file.`);
  }
}
