/**
 * What a run has learned so far, for whoever loads its encoder: the finished one, or the last checkpoint's.
 */
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { latestCheckpoint } from "../checkpoint/checkpoint-store.js";
import { UsageError } from "../usage-error.js";
import { type RunFolder, readRun } from "./run.js";

export interface TrainedRun extends RunFolder {
  /** The last one of an unfinished run; undefined once `encoderFolder` holds the finished encoder. */
  readonly checkpoint: Checkpoint | undefined;
  /** Updates behind the weights; 0 where nobody tells. */
  readonly step: number;
  /** The run's seed: what its weights began with follows from it. 0 where nobody tells. */
  readonly seed: number;
}

/** Throws where there is no run, or where it has not saved anything yet. */
export async function readTrainedRun(folder: string): Promise<TrainedRun> {
  const run = await readRun(folder);
  const seed = wholeNumber(run, "seed") ?? 0;
  if (await exists(join(run.encoderFolder, "model.safetensors"))) {
    return { ...run, checkpoint: undefined, step: wholeNumber(run, "steps") ?? 0, seed };
  }
  const { checkpoint } = await latestCheckpoint(join(folder, "checkpoints"));
  if (checkpoint !== undefined) return { ...run, checkpoint, step: checkpoint.step, seed };
  throw new UsageError(
    `readTrainedRun: ${folder} must hold a finished encoder or a checkpoint, and has neither. Go on with the run: --resume.`,
  );
}

/** A number of a run's config.json; undefined where it has none of that name. */
function wholeNumber({ folder, config }: RunFolder, name: string): number | undefined {
  const value = config[name];
  if (value === undefined || Number.isInteger(value)) return value as number | undefined;
  throw new UsageError(
    `readTrainedRun: ${name} in ${join(folder, "config.json")} must be a whole number, got ${JSON.stringify(value)}.`,
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
