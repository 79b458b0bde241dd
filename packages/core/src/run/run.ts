/**
 * A run is a folder: config.json, metrics.jsonl, TensorBoard's events, checkpoints/step-N/ and, at the end, encoder/.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckpointStore, type CheckpointStoreOptions, openCheckpoints } from "../checkpoint/checkpoint-store.js";
import { commitFile, recoverDirectories } from "../checkpoint/commit-directory.js";
import { lockRun, type RunLock } from "../checkpoint/run-lock.js";
import type { MetricsLog, MetricsLogOptions } from "../metrics/metrics-log.js";
import { openRunLog } from "./run-log.js";

/** Plain JSON: all that is needed to begin the same run again. */
export type RunConfig = Readonly<Record<string, unknown>>;

export interface Run extends RunFolder {
  readonly checkpoints: CheckpointStore;
  /** Opens metrics.jsonl and TensorBoard's events, from a step on. */
  log(options?: MetricsLogOptions): Promise<MetricsLog>;
  /** Lets other processes work on the run. */
  close(): Promise<void>;
}

export interface RunFolder {
  readonly folder: string;
  readonly config: RunConfig;
  /** The same for the same configuration, however its fields are ordered. */
  readonly configHash: string;
  /** Where the trained encoder is, or will be. */
  readonly encoderFolder: string;
}

/** Begins a run in a new or empty place; refused where there is one. */
export async function createRun(folder: string, config: RunConfig, options: CheckpointStoreOptions = {}): Promise<Run> {
  await mkdir(folder, { recursive: true });
  const lock = await lockRun(folder);
  try {
    if ((await readConfig(folder)) !== undefined) {
      throw new Error(
        `createRun: ${folder} must not hold a run yet, and it does. Resume it, or choose another folder.`,
      );
    }
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
  return { folder, config, configHash: hashOf(config), encoderFolder: join(folder, "encoder") };
}

async function locked(folder: string, lock: RunLock, options: CheckpointStoreOptions): Promise<Run> {
  await recoverDirectories(folder, options);
  return {
    ...(await readRun(folder)),
    checkpoints: await openCheckpoints(join(folder, "checkpoints"), options),
    log: (logOptions) => openRunLog(folder, logOptions),
    close: () => lock.release(),
  };
}

async function readConfig(folder: string): Promise<RunConfig | undefined> {
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as RunConfig;
  } catch (error) {
    throw new Error(`readRun: ${path} must be JSON: ${(error as Error).message}. Restore it.`, { cause: error });
  }
}

function hashOf(config: RunConfig): string {
  return createHash("sha256").update(JSON.stringify(config, inOrder)).digest("hex");
}

/** For JSON.stringify: fields by name. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
