/**
 * The runs below a folder, as an overview shows them.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { lockHolders } from "../checkpoint/run-lock.js";
import { lastRecord } from "./read-metrics.js";
import { type RunConfig, readRun } from "./run.js";
import { type RunState, runState } from "./run-state.js";

export interface RunListing extends RunState {
  readonly folder: string;
  readonly config: RunConfig;
  /** The last step in its metrics. */
  readonly step?: number;
  /** Steps in all, where the configuration has a number of that name. */
  readonly steps?: number;
  /** When something was last written of it, or its last heartbeat, in milliseconds since 1970. */
  readonly updatedAt: number;
}

export interface RunList {
  /** Newest first. */
  readonly runs: readonly RunListing[];
  /** Runs and folders that could not be read: the user is told. */
  readonly unreadable: readonly UnreadableRun[];
}

export interface UnreadableRun {
  readonly folder: string;
  readonly reason: string;
}

/** The depth of folders within the root: `runs/images/simclr/seed-1`. */
const MAX_DEPTH = 4;

/** A run is a folder with config.json and something that only a run has; what is inside of it is not searched for others. */
export async function listRuns(root: string): Promise<RunList> {
  const runs: RunListing[] = [];
  const unreadable: UnreadableRun[] = [];

  async function visit(folder: string, depth: number): Promise<void> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      const names = entries.map(({ name }) => name);
      if (isRun(names)) {
        runs.push(await listing(folder, names));
      } else if (depth < MAX_DEPTH) {
        const inner = entries.filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name));
        for (const { name } of inner) await visit(join(folder, name), depth + 1);
      }
    } catch (error) {
      unreadable.push({ folder, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  await visit(root, 0);
  runs.sort((a, b) => b.updatedAt - a.updatedAt || (a.folder < b.folder ? -1 : 1));
  return { runs, unreadable };
}

/** Others have a config.json too: a model of Hugging Face's. */
function isRun(names: readonly string[]): boolean {
  return (
    names.includes("config.json") &&
    names.some((name) => /^(metrics\.jsonl|checkpoints|encoder|ended\.json|lock-.*\.json)$/.test(name))
  );
}

async function listing(folder: string, names: readonly string[]): Promise<RunListing> {
  const { config } = await readRun(folder);
  const { steps } = config;
  return {
    folder,
    config,
    ...(await runState(folder)),
    step: (await lastRecord(folder))?.step,
    steps: typeof steps === "number" ? steps : undefined,
    updatedAt: await lastChange(folder, names),
  };
}

/** What evaluates a run later, does not make it newer. */
async function lastChange(folder: string, names: readonly string[]): Promise<number> {
  const times = (await lockHolders(folder)).map(({ beatAt }) => beatAt);
  for (const name of ["config.json", "metrics.jsonl", "checkpoints", "encoder", "ended.json"]) {
    if (!names.includes(name)) continue;
    const found = await stat(join(folder, name)).catch(() => undefined); // gone meanwhile
    if (found !== undefined) times.push(found.mtimeMs);
  }
  return times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
}
