/**
 * metrics.jsonl: one JSON object a line, in the order of the steps, with its checksum as the last field.
 */
import { open } from "node:fs/promises";
import { namingPath } from "../checkpoint/naming-path.js";
import { crc32c } from "./crc32c.js";

/** Numbers by name, and the step they belong to. What is not a number that JSON knows (NaN, Infinity) is written as null. */
export interface MetricsRecord {
  readonly step: number;
  readonly [name: string]: unknown;
}

export interface MetricsLog {
  append(record: MetricsRecord): Promise<void>;
  /** Waits until the lines are on the disk; to be called before a checkpoint is saved. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface MetricsLogOptions {
  /** The step a run resumes from: later lines are removed, they will come again. All lines stay unless told. */
  resumeFrom?: number;
  /** Told of each line that is damaged; it is passed over. */
  onDamaged?: (line: DamagedLine) => void;
}

/** A line that was not written so. */
export interface DamagedLine {
  /** The line's number in the file, from 1. */
  readonly number: number;
  readonly text: string;
}

/** Opens or creates the file. A last line that a killed process left unfinished is removed. */
export async function openMetricsLog(path: string, options: MetricsLogOptions = {}): Promise<MetricsLog> {
  const file = await open(path, "a+");
  await file.truncate(keptBytes(await file.readFile(), options));
  return {
    append: (record) => namingPath(path, () => file.appendFile(`${formatRecord(record)}\n`)),
    flush: () => namingPath(path, () => file.datasync()),
    close: () => file.close(),
  };
}

/** The bytes up to the end of the last record before one of a later step; damaged lines among them stay where they are. */
function keptBytes(bytes: Buffer, { resumeFrom = Number.POSITIVE_INFINITY, onDamaged }: MetricsLogOptions): number {
  const damaged: DamagedLine[] = [];
  let kept = 0;
  let start = 0;
  for (let end = bytes.indexOf(10), number = 1; end >= 0; end = bytes.indexOf(10, start), number += 1) {
    const text = bytes.toString("utf8", start, end);
    const record = parseRecord(text);
    if (record !== undefined && !(record.step <= resumeFrom)) break;
    start = end + 1;
    if (record === undefined) damaged.push({ number, text });
    else kept = start;
  }
  for (const line of damaged) onDamaged?.(line);
  return kept;
}

const CHECKED = /^(.*),"crc32c":"([\da-f]{8})"\}$/s;

/** A record's line ends with the checksum of what is before it: a digit that was flipped on the disk is no other measurement. */
function formatRecord(record: MetricsRecord): string {
  const text = JSON.stringify(record).slice(0, -1);
  return `${text},"crc32c":"${checksumOf(text)}"}`;
}

/** undefined where the line is none of ours, or is not as it was written. Lines of older versions have no checksum. */
export function parseRecord(line: string): MetricsRecord | undefined {
  const [, text, checksum] = CHECKED.exec(line) ?? [];
  if (text !== undefined && checksumOf(text) !== checksum) return undefined;
  try {
    const record = JSON.parse(text === undefined ? line : `${text}}`) as Partial<MetricsRecord> | null;
    return typeof record?.step === "number" ? (record as MetricsRecord) : undefined;
  } catch {
    return undefined;
  }
}

const checksumOf = (text: string): string => crc32c(Buffer.from(text)).toString(16).padStart(8, "0");
