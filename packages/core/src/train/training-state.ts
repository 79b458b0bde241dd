/**
 * Where a run stands, as saved in a checkpoint: all that is not a tensor.
 */
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import type { LoaderState } from "../data/loader.js";
import { UsageError } from "../usage-error.js";

/** Plain JSON. */
export interface TrainingState {
  /** Updates done or refused. */
  readonly step: number;
  /** Micro-batches gathered for the next update, and the sum of their losses. */
  readonly gathered: { readonly batches: number; readonly loss: number };
  /** Batches and samples used since the run began. */
  readonly batches: number;
  readonly samples: number;
  /** Steps refused one after another, up to now. */
  readonly refusedInRow: number;
  /** undefined before the first batch. */
  readonly loader?: LoaderState;
}

export const freshState: TrainingState = {
  step: 0,
  gathered: { batches: 0, loss: 0 },
  batches: 0,
  samples: 0,
  refusedInRow: 0,
};

/** What must be the same when a run is resumed, by name. */
export type Identity = Readonly<Record<string, string | number | boolean | null>>;

/** Throws, naming each difference, unless the checkpoint is of the same run. */
export function assertSameRun(saved: Checkpoint["state"], current: Identity): void {
  const before = (saved.identity ?? {}) as Identity;
  const names = [...new Set([...Object.keys(before), ...Object.keys(current)])].filter(
    (name) => before[name] !== current[name],
  );
  if (names.length === 0) return;
  const list = names.map(
    (name) => `  ${name}: saved with ${JSON.stringify(before[name])}, now ${JSON.stringify(current[name])}`,
  );
  throw new UsageError(
    `train: the checkpoint must be of the same run, and it is not:\n${list.join("\n")}\n` +
      "Restore the settings, or pass force: true; the result is then not that of an unbroken run.",
  );
}
