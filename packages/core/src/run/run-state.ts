/**
 * How a run fares, told from its folder alone: by its lock's heartbeat, its encoder, and what its last process left behind.
 */
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { commitFile } from "../checkpoint/commit-file.js";
import { type LockHolder, lockHolders } from "../checkpoint/run-lock.js";

export interface RunState {
  /**
   * - running: a process works on it;
   * - done: its encoder is there;
   * - failed: it ended with an error, told in `failure`;
   * - paused: nobody works on it, and it can be resumed.
   */
  readonly state: "running" | "done" | "failed" | "paused";
  /** The message of a failed run's error. */
  readonly failure?: string;
  /**
   * What paused it, where that is known: the signal that asked it to stop; `killed`, its process is gone without a word; `silence`, it was on
   * another machine, from where no heartbeat has come for a minute.
   */
  readonly stoppedBy?: string;
  /** The process of a running run. */
  readonly process?: { readonly pid: number; readonly host: string };
  /** The step of the newest checkpoint: from there it is resumed. */
  readonly savedStep?: number;
}

/** How the work on a run ended otherwise than by being done. */
export interface RunEnding {
  /** The error that ended it. */
  readonly failed?: unknown;
  /** The signal that ended it: `SIGINT`. */
  readonly stopped?: string;
}

/** What `close` leaves, until the run is opened again. */
interface StoredEnding {
  readonly failure?: string;
  readonly stoppedBy?: string;
}

/** Where a run has ended.json, it did not end by being done. */
const endingFile = (folder: string) => join(folder, "ended.json");

/** Looks at a run without working on it. */
export async function runState(folder: string): Promise<RunState> {
  const holders = await lockHolders(folder);
  const savedStep = await newestStep(join(folder, "checkpoints"));
  const owner = holders.find(({ isAlive }) => isAlive);
  if (owner !== undefined) return { state: "running", process: { pid: owner.pid, host: owner.host }, savedStep };
  if (await isDirectory(join(folder, "encoder"))) return { state: "done", savedStep };
  const { failure, stoppedBy } = await readEnding(folder);
  if (failure !== undefined) return { state: "failed", failure, savedStep };
  return { state: "paused", stoppedBy: stoppedBy ?? wordlessEnd(holders), savedStep };
}

/** A lock is left behind by whoever could not release it. */
function wordlessEnd(holders: readonly LockHolder[]): string | undefined {
  if (holders.length === 0) return undefined;
  return holders.some(({ isElsewhere }) => !isElsewhere) ? "killed" : "silence";
}

/** Leaves word of an ending for `runState`. */
export async function recordEnding(folder: string, { failed, stopped }: RunEnding): Promise<void> {
  if (failed === undefined && stopped === undefined) return;
  const ending: StoredEnding =
    failed === undefined
      ? { stoppedBy: stopped }
      : { failure: failed instanceof Error ? failed.message : String(failed) };
  await commitFile(endingFile(folder), Buffer.from(`${JSON.stringify(ending)}\n`));
}

/** Clears the ending of a run that goes on again. */
export async function clearEnding(folder: string): Promise<void> {
  await rm(endingFile(folder), { force: true });
}

async function readEnding(folder: string): Promise<StoredEnding> {
  const text = await readFile(endingFile(folder), "utf8").catch(ifMissing("{}"));
  try {
    return Object(JSON.parse(text)) as StoredEnding;
  } catch {
    return {}; // damaged since: what it told is lost, and nothing else
  }
}

async function newestStep(checkpoints: string): Promise<number | undefined> {
  const names = await readdir(checkpoints).catch(ifMissing<string[]>([]));
  const steps = names.flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return steps.length > 0 ? steps.reduce((newest, step) => Math.max(newest, step)) : undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), ifMissing(false));
}

function ifMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return instead;
    throw error;
  };
}
