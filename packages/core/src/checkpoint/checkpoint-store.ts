/**
 * The checkpoints of a run, `step-N/` each: the last few and the best are kept, a damaged one is named and passed over.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, isCheckpointFile, readCheckpoint, readScore, writeCheckpoint } from "./checkpoint.js";
import { recoverDirectories, removeDirectory } from "./commit-directory.js";
import type { FileSystem } from "./commit-file.js";

export interface CheckpointStoreOptions {
  /** 2 unless told: should the last be damaged, there is another. */
  keepLast?: number;
  /** Keeps the checkpoint of the lowest or highest score too. */
  keepBest?: "lowest" | "highest";
  files?: FileSystem;
}

export interface CheckpointStore {
  /** Commits, and only then deletes what need not be kept. Returns the folder. */
  save(checkpoint: Checkpoint): Promise<string>;
  latest(): Promise<LatestCheckpoint>;
}

export interface LatestCheckpoint {
  /** undefined where the folder holds none. */
  readonly checkpoint?: Checkpoint;
  /** Newer ones that were damaged: the user is told. */
  readonly damaged: readonly DamagedCheckpoint[];
}

export interface DamagedCheckpoint {
  readonly path: string;
  readonly reason: string;
}

/** Opens the store for the run's only writer: clears what a killed one left. */
export async function openCheckpoints(folder: string, options: CheckpointStoreOptions = {}): Promise<CheckpointStore> {
  const { keepLast = 2, keepBest, files } = options;
  if (!Number.isInteger(keepLast) || keepLast < 1) {
    throw new RangeError(`openCheckpoints: keepLast must be a whole number from 1, got ${keepLast}.`);
  }
  await recoverDirectories(folder, { files });

  async function save(checkpoint: Checkpoint): Promise<string> {
    const path = join(folder, `step-${checkpoint.step}`);
    try {
      await writeCheckpoint(path, checkpoint, { files });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      throw new Error(
        `The disk is full: ${path} was not saved; the checkpoints before it are untouched. Free space in ${folder}.`,
        { cause: error },
      );
    }
    await prune(checkpoint.step);
    return path;
  }

  async function prune(newest: number): Promise<void> {
    const steps = await stepsIn(folder);
    const kept = new Set([newest, ...steps.filter((step) => step <= newest).slice(0, keepLast)]);
    if (keepBest !== undefined) kept.add((await bestOf(folder, steps, keepBest)) ?? newest);
    for (const step of steps) {
      if (!kept.has(step)) await removeDirectory(join(folder, `step-${step}`), { files, isOwn: isCheckpointFile });
    }
  }

  return { save, latest: () => latestCheckpoint(folder) };
}

/** The newest checkpoint that is whole. Throws where there are checkpoints and all are damaged: starting anew would hide the loss. */
export async function latestCheckpoint(folder: string): Promise<LatestCheckpoint> {
  const damaged: DamagedCheckpoint[] = [];
  for (const step of await stepsIn(folder)) {
    const path = join(folder, `step-${step}`);
    try {
      return { checkpoint: await readCheckpoint(path), damaged };
    } catch (error) {
      damaged.push({ path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  if (damaged.length === 0) return { damaged };
  const list = damaged.map(({ path, reason }) => `  ${path}: ${reason}`).join("\n");
  throw new Error(
    `latestCheckpoint: no checkpoint is whole:\n${list}\nRestore one, or remove ${folder} to begin again.`,
  );
}

/** Newest first. */
async function stepsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [] as string[];
    throw error;
  });
  const steps = names.flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return steps.sort((a, b) => b - a);
}

/** The step of the best score, of equal scores the later one. */
async function bestOf(
  folder: string,
  steps: readonly number[],
  wanted: "lowest" | "highest",
): Promise<number | undefined> {
  let best: { step: number; score: number } | undefined;
  for (const step of steps) {
    const score = await readScore(join(folder, `step-${step}`));
    if (score === undefined || !Number.isFinite(score)) continue;
    if (best === undefined || (wanted === "lowest" ? score < best.score : score > best.score)) best = { step, score };
  }
  return best?.step;
}
