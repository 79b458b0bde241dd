/**
 * What the caller hears after each step.
 */
import type { CorruptSample } from "../data/loader.js";
import type { Pace } from "./pace.js";

export interface TrainingReport extends Omit<Pace, "secondsPerStep"> {
  /** The step's number, from 1. */
  readonly step: number;
  /** The epoch of the step's last batch, from 0. */
  readonly epoch: number;
  /** A number from 0 to 1. */
  readonly progress: number;
  /** Mean over the step's micro-batches. */
  readonly loss: number;
  readonly learningRate: number;
  /** The norm before clipping. */
  readonly gradientNorm: number;
  /** Samples used since the run began. */
  readonly samples: number;
  readonly etaSeconds: number;
  /** Skipped samples, met since the last report; how many there are in all. */
  readonly corrupt: readonly CorruptSample[];
  readonly corruptInAll: number;
  /** The batch whose loss or gradients were not finite: this step changed no weight. */
  readonly refused?: { readonly ids: readonly string[] };
}
