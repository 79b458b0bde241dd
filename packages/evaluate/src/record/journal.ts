/**
 * results.jsonl: one record a line, appended and never rewritten.
 */
import { open, readFile } from "node:fs/promises";
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
  return journalOf(await textOf(file));
}

/**
 * Waits until the record is on the disk. The same record twice is one: false where it was there. A line that a killed process left
 * unfinished stays as it is, and the record begins a line of its own.
 */
export async function appendRecord(file: string, record: ResultRecord): Promise<boolean> {
  const line = formatRecord(record);
  const before = await textOf(file);
  if (journalOf(before).records.some(({ id }) => id === record.id)) return false;
  const isLineOpen = before !== "" && !before.endsWith("\n");
  const appending = await open(file, "a");
  try {
    await appending.appendFile(`${isLineOpen ? "\n" : ""}${line}\n`);
    await appending.datasync();
  } finally {
    await appending.close();
  }
  return true;
}

function journalOf(text: string): Journal {
  const records = new Map<string, ResultRecord>();
  const damaged: DamagedLine[] = [];
  for (const [place, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      const record = parseRecord(line);
      if (!records.has(record.id)) records.set(record.id, record);
    } catch (error) {
      damaged.push({ line: place + 1, reason: (error as Error).message });
    }
  }
  return { records: [...records.values()], damaged };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
