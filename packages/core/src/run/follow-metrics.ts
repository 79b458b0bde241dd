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
import { type Line, readAt, wholeLines } from "../metrics/whole-lines.js";
import { cursorAt, lineAt } from "./metrics-cursor.js";
import { openIfThere } from "./read-metrics.js";
import { metricsFile, readRun } from "./run.js";
import { runState } from "./run-state.js";

/** `cursor` is where to follow on from another time, once this is dealt with. */
export type MetricsNews =
  | { readonly record: MetricsRecord; readonly cursor: string }
  /** The run was resumed: what was told of later steps is void, and they come again. −1: of all steps. */
  | { readonly restartedAt: number; readonly cursor: string };

export interface FollowMetricsOptions {
  /** The cursor of what was dealt with last; the log's beginning unless told. */
  from?: string;
  /** Ends the following. */
  signal?: AbortSignal;
  /** How long to wait where there is nothing new; 1000 unless told. */
  pollMs?: number;
  /** Told the text of each line that is damaged; it is passed over. */
  onDamaged?: (text: string) => void;
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
 * `restartedAt`, what is of later steps, has in the end what `readMetrics` gives.
 */
export async function* followMetrics(folder: string, options: FollowMetricsOptions = {}): AsyncGenerator<MetricsNews> {
  const { from, signal, pollMs = 1000, onDamaged } = options;
  await readRun(folder); // throws where there is none
  let told: Told[] | undefined;
  while (!signal?.aborted) {
    const isDone = (await runState(folder)).state === "done"; // asked before reading: all is logged by then
    const found = await look(metricsFile(folder), told ?? from);
    told = found.told;
    if (found.restartedAt !== undefined) yield { restartedAt: found.restartedAt, cursor: cursorAfter(told) };
    for (const line of found.lines) {
      const record = parseRecord(line.text);
      const last: number = told.at(-1)?.step ?? -1;
      const step: number = record?.step ?? last; // a damaged line is passed over, and watched as the others are
      if (step < last) {
        told = told.filter((earlier) => earlier.step < step);
        yield { restartedAt: step - 1, cursor: cursorAfter(told) };
      }
      told.push(toldOf(line, step));
      if (record !== undefined) yield { record, cursor: cursorAfter(told) };
      else onDamaged?.(line.text);
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
  /** The last step that stands, where some of it does not. */
  readonly restartedAt?: number;
  /** What follows. */
  readonly lines: readonly Line[];
}

/** Checks and reads at once, so that a resume meanwhile cannot mix two logs. `before`: what has been told, or a cursor of another time. */
async function look(path: string, before: Told[] | string | undefined): Promise<Found> {
  const file = await openIfThere(path);
  if (file === undefined) return { told: [], restartedAt: before?.length ? -1 : undefined, lines: [] };
  try {
    const told = typeof before === "string" ? await toldBefore(file, before) : (before ?? []);
    const isStanding = told !== undefined && (await isThere(file, told.at(-1)));
    const kept = isStanding ? told : await standing(file, told ?? []);
    const lines = await wholeLines(file, kept.at(-1)?.end ?? 0);
    if (isStanding) return { told: kept, lines };
    const firstVoid = told?.[kept.length];
    return { told: kept, restartedAt: kept.length === 0 ? -1 : firstVoid && firstVoid.step - 1, lines };
  } finally {
    await file.close();
  }
}

/** The end of the last line that was told, and its checksum. */
function cursorAfter(told: readonly Told[]): string {
  const last = told.at(-1);
  return last === undefined ? "" : cursorAt(last.end, last.checksum);
}

/** The line before a cursor; undefined where it is not there any more. */
async function toldBefore(file: FileHandle, cursor: string): Promise<Told[] | undefined> {
  if (cursor === "") return [];
  const line = await lineAt(file, cursor);
  return line && [toldOf(line, parseRecord(line.text)?.step ?? -1)];
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
  let lines = told.length > 0 ? await wholeLines(file, told[0]!.start) : [];
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
