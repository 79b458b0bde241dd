/**
 * A run is a folder: config.json, metrics.jsonl, TensorBoard's events, pictures/, checkpoints/step-N/, results.jsonl and, at the end, encoder/.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckpointStore, type CheckpointStoreOptions, openCheckpoints } from "../checkpoint/checkpoint-store.js";
import { commitFile, recoverDirectories } from "../checkpoint/commit-directory.js";
import { lockRun, type RunLock } from "../checkpoint/run-lock.js";
import type { MetricsLogOptions } from "../metrics/metrics-log.js";
import { openRunLog, type RunLog } from "./run-log.js";
import { clearEnding, type RunEnding, recordEnding } from "./run-state.js";

/** Plain JSON: all that is needed to begin the same run again. */
export type RunConfig = Readonly<Record<string, unknown>>;

export interface Run extends RunFolder {
  readonly checkpoints: CheckpointStore;
  /** Opens metrics.jsonl, pictures/ and TensorBoard's events, from a step on. */
  log(options?: MetricsLogOptions): Promise<RunLog>;
  /** Lets other processes work on the run. What ended it, unless it is done, is left for `runState`; a second call does nothing. */
  close(ending?: RunEnding): Promise<void>;
}

export interface RunFolder {
  readonly folder: string;
  readonly config: RunConfig;
  /** The same for the same configuration, however its fields are ordered. */
  readonly configHash: string;
  /** Where the trained encoder is, or will be. */
  readonly encoderFolder: string;
  /** results.jsonl: what was measured of the run, a line each (`appendLine`). */
  readonly resultsFile: string;
}

/** Where a run's metrics are. */
export const metricsFile = (folder: string) => join(folder, "metrics.jsonl");

/** Begins a run in a new or empty place; refused where there is one. */
export async function createRun(folder: string, config: RunConfig, options: CheckpointStoreOptions = {}): Promise<Run> {
  await mkdir(folder, { recursive: true });
  const lock = await lockRun(folder);
  try {
    await assertNoRun(folder);
    await commitFile(join(folder, "config.json"), Buffer.from(`${JSON.stringify(config, null, 2)}\n`));
    return await locked(folder, lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Continues a run; refused while another process works on it. */
export async function openRun(folder: string, options: CheckpointStoreOptions = {}): Promise<Run> {
  await readRun(folder);
  const lock = await lockRun(folder);
  try {
    return await locked(folder, lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Looks at a run without working on it: also while another process does. */
export async function readRun(folder: string): Promise<RunFolder> {
  const config = await readConfig(folder);
  if (config === undefined)
    throw new Error(`readRun: ${folder} must hold a run, and it has no config.json. Name the folder of a run.`);
  return {
    folder,
    config,
    configHash: hashOf(config),
    encoderFolder: join(folder, "encoder"),
    resultsFile: join(folder, "results.jsonl"),
  };
}

/** Nothing of an earlier run may outlive the beginning of a new one, and nothing of it is deleted unasked. */
async function assertNoRun(folder: string): Promise<void> {
  if ((await readConfig(folder)) !== undefined) {
    throw new Error(`createRun: ${folder} must not hold a run yet, and it does. Resume it, or choose another folder.`);
  }
  const left = (await readdir(folder)).filter((name) =>
    /^(metrics\.jsonl|events\.out\.tfevents\..*|pictures|checkpoints|results\.jsonl|encoder|ended\.json)$/.test(name),
  );
  if (left.length === 0) return;
  throw new Error(
    `createRun: ${folder} must not hold a run yet, and it holds ${left.join(", ")} of one without its config.json. ` +
      "Remove them, or choose another folder.",
  );
}

async function locked(folder: string, lock: RunLock, options: CheckpointStoreOptions): Promise<Run> {
  await recoverDirectories(folder, options);
  await clearEnding(folder);
  let closed: Promise<void> | undefined;

  async function log(logOptions?: MetricsLogOptions): Promise<RunLog> {
    const opened = await openRunLog(folder, logOptions);
    return {
      ...opened,
      async append(record) {
        await opened.append(record);
        await lock.beat();
      },
    };
  }

  async function close(ending: RunEnding): Promise<void> {
    try {
      await recordEnding(folder, ending);
    } catch {
      // The disk may be full, and that may be what ended the run: its error is the one to tell.
    } finally {
      await lock.release();
    }
  }

  return {
    ...(await readRun(folder)),
    checkpoints: await openCheckpoints(join(folder, "checkpoints"), options),
    log,
    close: (ending = {}) => (closed ??= close(ending)),
  };
}

async function readConfig(folder: string): Promise<RunConfig | undefined> {
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const config = parseJson(text, path);
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config as RunConfig;
  throw new Error(`readRun: ${path} must hold a JSON object, got ${text.slice(0, 40).trim()}. Restore it.`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`readRun: ${path} must be JSON: ${(error as Error).message}. Restore it.`, { cause: error });
  }
}

function hashOf(config: RunConfig): string {
  return createHash("sha256").update(JSON.stringify(config, inOrder)).digest("hex");
}

/** A replacer for JSON.stringify: fields by name. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
