/**
 * What a run logged since a place in its log, for whoever asks now and then and keeps the place. `followMetrics` tells the same as it comes.
 */
import { crc32c } from "../metrics/crc32c.js";
import { type MetricsRecord, parseRecord } from "../metrics/metrics-log.js";
import { type Line, wholeLines } from "../metrics/whole-lines.js";
import { cursorAt, lineAt } from "./metrics-cursor.js";
import { openIfThere } from "./read-metrics.js";
import { metricsFile, readRun } from "./run.js";

export interface MetricsSince {
  /** What was told of later steps is void: the run went on from this one. −1: all of it. Absent where all stands. */
  readonly restartedAt?: number | undefined;
  readonly records: readonly MetricsRecord[];
  /** What to ask with the next time. */
  readonly cursor: string;
  /** Nothing follows as yet. Otherwise this was a part of it, some hundred kilobytes: ask on. */
  readonly isEnd: boolean;
}

/**
 * `cursor` is that of an earlier answer, or empty: from the beginning. A line that is half written waits for its end; damaged ones are passed over.
 * Whoever drops, at each `restartedAt`, what is of later steps, has in the end what `readMetrics` gives.
 */
export async function metricsSince(folder: string, cursor = ""): Promise<MetricsSince> {
  await readRun(folder); // throws where there is none
  const file = await openIfThere(metricsFile(folder));
  if (file === undefined) {
    return { restartedAt: cursor === "" ? undefined : -1, records: [], cursor: "", isEnd: true };
  }
  try {
    const last = cursor === "" ? undefined : await lineAt(file, cursor);
    const isLost = cursor !== "" && last === undefined;
    const lines = await wholeLines(file, last?.end ?? 0);
    const { records, restartedAt } = recordsIn(lines, last && parseRecord(last.text)?.step);
    const end = lines.at(-1) ?? last;
    return {
      restartedAt: isLost ? -1 : restartedAt,
      records,
      cursor: end === undefined ? "" : cursorAt(end.end, crc32c(end.bytes)),
      isEnd: lines.length === 0,
    };
  } finally {
    await file.close();
  }
}

/** `before` is the step of the last record that was told. */
function recordsIn(lines: readonly Line[], before: number | undefined) {
  const records: MetricsRecord[] = [];
  let restartedAt: number | undefined;
  for (const { text } of lines) {
    const record = parseRecord(text);
    if (record === undefined) continue;
    if (record.step < (records.at(-1)?.step ?? before ?? record.step)) {
      while (records.length > 0 && records.at(-1)!.step >= record.step) records.pop();
      if (before !== undefined && record.step <= before) restartedAt = Math.min(restartedAt ?? before, record.step - 1);
    }
    records.push(record);
  }
  return { records, restartedAt };
}
