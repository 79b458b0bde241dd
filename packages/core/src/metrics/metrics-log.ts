/**
 * metrics.jsonl: one JSON object a line, in the order of the steps.
 */
import { open } from "node:fs/promises";

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
}

/** Opens or creates the file. A last line that a killed process left unfinished is removed. */
export async function openMetricsLog(path: string, options: MetricsLogOptions = {}): Promise<MetricsLog> {
  const { resumeFrom = Number.POSITIVE_INFINITY } = options;
  const file = await open(path, "a+");
  await file.truncate(keptBytes(await file.readFile(), resumeFrom));
  return {
    append: (record) => file.appendFile(`${JSON.stringify(record)}\n`),
    flush: () => file.datasync(),
    close: () => file.close(),
  };
}

/** The bytes up to the first line that is unfinished, damaged or of a later step. */
function keptBytes(bytes: Buffer, lastStep: number): number {
  let kept = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, kept)) {
    const record = parseRecord(bytes.toString("utf8", kept, end));
    if (record === undefined || !(record.step <= lastStep)) break;
    kept = end + 1;
  }
  return kept;
}

/** undefined where the line is none of ours. */
export function parseRecord(line: string): MetricsRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<MetricsRecord> | null;
    return typeof record?.step === "number" ? (record as MetricsRecord) : undefined;
  } catch {
    return undefined;
  }
}
