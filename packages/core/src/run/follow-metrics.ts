/**
 * A run's metrics as they come: what has been told once is not read again.
 *
 * The log grows at its end, so a place in bytes says what has been told. Only a resume cuts it back. The follower keeps where each told
 * line lies and its checksum, notices a cut by the last of them, and finds by the others which lines are still there.
 *
 * Example: the steps 1 to 5 are told, the run dies and goes on after step 3. The log now holds 1, 2, 3 and another 4; told are
 * `restartedAt: 3` and that 4.
 */
import type { FileHandle } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { crc32c } from "../metrics/crc32c.js";
import { type MetricsRecord, parseRecord } from "../metrics/metrics-log.js";
import { type Line, lineBefore, readAt, wholeLines } from "../metrics/whole-lines.js";
import { openIfThere } from "./read-metrics.js";
import { metricsFile, readRun } from "./run.js";
import { runState } from "./run-state.js";

/** `cursor` is where to follow on from another time, once this is dealt with. */
export type MetricsNews =
  | { readonly record: MetricsRecord; readonly cursor: number }
  /** The run was resumed: what was told of later steps is void, and they come again. −1: of all steps. */
  | { readonly restartedAt: number; readonly cursor: number };

export interface FollowMetricsOptions {
  /** The cursor of what was dealt with last; the log's beginning unless told. */
  from?: number;
  /** Ends the following. */
  signal?: AbortSignal;
  /** How long to wait where there is nothing new; 1000 unless told. */
  pollMs?: number;
}

/** A line that has been told. */
interface Told {
  readonly step: number;
  readonly start: number;
  readonly end: number;
  readonly checksum: number;
}

/**
 * Tells each record once, those that are there already first, and ends when the run is done or the signal fires. Whoever drops, at each
 * `restartedAt`, what is of later steps, has at any time what `readMetrics` would give.
 */
export async function* followMetrics(folder: string, options: FollowMetricsOptions = {}): AsyncGenerator<MetricsNews> {
  const { from = 0, signal, pollMs = 1000 } = options;
  await readRun(folder); // throws where there is none
  let told: Told[] | undefined;
  let cursor = from;
  while (!signal?.aborted) {
    const isDone = (await runState(folder)).state === "done"; // asked before reading: all is logged by then
    const found = await look(metricsFile(folder), cursor, told);
    told = found.told;
    if (found.restartedAt !== undefined) {
      cursor = told.at(-1)?.end ?? 0;
      yield { restartedAt: found.restartedAt, cursor };
    }
    for (const line of found.lines) {
      const record = parseRecord(line.text);
      const last: number = told.at(-1)?.step ?? -1;
      const step: number = record?.step ?? last; // a damaged line is passed over, and watched as the others are
      if (step < last) {
        told = told.filter((earlier) => earlier.step < step);
        yield { restartedAt: step - 1, cursor };
      }
      told.push(toldOf(line, step));
      cursor = line.end;
      if (record !== undefined) yield { record, cursor };
      if (signal?.aborted) return;
    }
    if (found.lines.length > 0) continue;
    if (isDone) return;
    await wait(pollMs, undefined, { signal }).catch(() => {}); // the signal ends the loop
  }
}

interface Found {
  /** What has been told and still stands. */
  readonly told: Told[];
  /** Where some of it does not. */
  readonly restartedAt?: number;
  /** What follows. */
  readonly lines: readonly Line[];
}

/** Checks and reads at once, so that a resume meanwhile cannot mix two logs. `told` is undefined at the first look. */
async function look(path: string, cursor: number, told: Told[] | undefined): Promise<Found> {
  const file = await openIfThere(path);
  if (file === undefined) return { told: [], lines: [], ...(cursor > 0 && { restartedAt: -1 }) };
  try {
    const known = told ?? (await toldBefore(file, cursor));
    if (known !== undefined && (await isThere(file, known.at(-1)))) {
      return { told: known, lines: await wholeLines(file, cursor) };
    }
    const kept = known === undefined ? [] : await standing(file, known);
    const firstVoid = known?.[kept.length];
    const restartedAt = kept.length === 0 ? -1 : firstVoid && firstVoid.step - 1;
    return { told: kept, restartedAt, lines: await wholeLines(file, kept.at(-1)?.end ?? 0) };
  } finally {
    await file.close();
  }
}

/** Of a cursor, the last line before it is known; undefined where no line ends there. */
async function toldBefore(file: FileHandle, cursor: number): Promise<Told[] | undefined> {
  if (cursor === 0) return [];
  const line = await lineBefore(file, cursor);
  if (line?.end !== cursor) return undefined;
  return [toldOf(line, parseRecord(line.text)?.step ?? -1)];
}

async function isThere(file: FileHandle, last: Told | undefined): Promise<boolean> {
  if (last === undefined) return true;
  const bytes = await readAt(file, last.start, last.end - last.start);
  return hasBytesOf(bytes, last);
}

function hasBytesOf(bytes: Uint8Array, { start, end, checksum }: Told): boolean {
  return bytes.length === end - start && crc32c(bytes) === checksum;
}

/** What was told before the first line that is not there any more, and of steps before its step. */
async function standing(file: FileHandle, told: readonly Told[]): Promise<Told[]> {
  const firstVoid = told[await countStanding(file, told)];
  return told.filter(({ step }) => firstVoid === undefined || step < firstVoid.step);
}

async function countStanding(file: FileHandle, told: readonly Told[]): Promise<number> {
  let count = 0;
  let lines = await wholeLines(file, told[0]!.start);
  while (lines.length > 0) {
    for (const line of lines) {
      const wanted = told[count];
      if (wanted === undefined) return count;
      if (line.end <= wanted.start) continue; // superseded by a later line of an earlier step
      if (line.start !== wanted.start || !hasBytesOf(line.bytes, wanted)) return count;
      count += 1;
    }
    lines = await wholeLines(file, lines.at(-1)!.end);
  }
  return count;
}

function toldOf({ start, end, bytes }: Line, step: number): Told {
  return { step, start, end, checksum: crc32c(bytes) };
}
