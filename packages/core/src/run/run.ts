/**
 * A run is a folder: config.json with its checksum, metrics.jsonl, TensorBoard's events, pictures/, checkpoints/step-N/, results.jsonl and, at the end, encoder/.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type CheckpointStore, type CheckpointStoreOptions, openCheckpoints } from "../checkpoint/checkpoint-store.js";
import { commitListed, verifyIfListed } from "../checkpoint/checksums.js";
import { recoverDirectories } from "../checkpoint/commit-directory.js";
import { makeFolder } from "../checkpoint/make-folder.js";
import { lockRun, type RunLock } from "../checkpoint/run-lock.js";
import type { MetricsLogOptions } from "../metrics/metrics-log.js";
import { UsageError } from "../usage-error.js";
import { assertUnused, removeMade, takeBack } from "./run-folder.js";
import { openRunLog, type RunLog } from "./run-log.js";
import { clearEnding, type RunEnding, recordEnding } from "./run-state.js";

/** Plain JSON: all that is needed to begin the same run again. */
export type RunConfig = Readonly<Record<string, unknown>>;

export interface Run extends RunFolder {
  readonly checkpoints: CheckpointStore;
  /** Opens metrics.jsonl, pictures/ and TensorBoard's events, from a step on. */
  log(options?: MetricsLogOptions): Promise<RunLog>;
  /** Throws where the run's folder is not there any more, or its lock: to be asked before more is written there. */
  check(): Promise<void>;
  /** Closes a run that failed before it learned anything. What this process began, it removes, the folder too where that is empty then. */
  takeBack(): Promise<void>;
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

/**
 * Begins a run in a new or empty folder; refused in another. `config` may be made first, in the folder, which is locked by then. Where that
 * fails, nothing of the run is left.
 */
export async function createRun(
  folder: string,
  config: RunConfig | (() => Promise<RunConfig>),
  options: CheckpointStoreOptions = {},
): Promise<Run> {
  const place = resolve(folder);
  const made = await makeFolder(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" && error.code !== "ENOTDIR") throw error;
    throw new UsageError(`createRun: ${folder} must be a folder, and a file is in the way. Choose another folder.`);
  });
  let lock: RunLock | undefined;
  let isBegun = false;
  try {
    lock = await lockRun(folder);
    await assertUnused(folder);
    isBegun = true;
    const settled = typeof config === "function" ? await config() : config;
    await lock.check();
    await commitListed(folder, [["config.json", Buffer.from(`${JSON.stringify(settled, null, 2)}\n`)]]);
    return await locked(folder, lock, { ...options, begun: { made } });
  } catch (error) {
    await lock?.release();
    await (isBegun ? takeBack(place, made) : removeMade(place, made));
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
    throw new UsageError(`readRun: ${folder} must hold a run, and it has no config.json. Name the folder of a run.`);
  return {
    folder,
    config,
    configHash: hashOf(config),
    encoderFolder: join(folder, "encoder"),
    resultsFile: join(folder, "results.jsonl"),
  };
}

interface Beginning extends CheckpointStoreOptions {
  /** Whether this process began the run, and the first of the folders that it made for it. */
  begun?: { readonly made: string | undefined };
}

async function locked(folder: string, lock: RunLock, { begun, ...options }: Beginning): Promise<Run> {
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

  const { save, latest } = await openCheckpoints(join(folder, "checkpoints"), options);
  const closeOnce: Run["close"] = (ending = {}) => (closed ??= close(ending));
  return {
    ...(await readRun(folder)),
    checkpoints: {
      latest,
      async save(checkpoint) {
        await lock.check(); // saving would make a folder anew that was deleted
        return save(checkpoint);
      },
    },
    log,
    check: lock.check,
    close: closeOnce,
    async takeBack() {
      await closeOnce();
      if (begun !== undefined) await takeBack(resolve(folder), begun.made);
    },
  };
}

async function readConfig(folder: string): Promise<RunConfig | undefined> {
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  await verifyIfListed(folder, ["config.json"]);
  const config = parseJson(text, path);
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config as RunConfig;
  throw new UsageError(`readRun: ${path} must hold a JSON object, got ${text.slice(0, 40).trim()}. Restore it.`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`readRun: ${path} must be JSON: ${(error as Error).message}. Restore it.`, { cause: error });
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
