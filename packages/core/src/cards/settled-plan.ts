/**
 * What a run is to be, before anything of it is made.
 */
import type { FoundData } from "../data/found-data.js";
import type { RunPlan } from "../train/run-pretraining.js";

/** What every modality's settings hold; plain JSON, a run's config.json. */
export interface RunSettings {
  readonly method: string;
  readonly data: { readonly path: string; readonly maxCorrupt?: number | undefined };
  /** Updates in all. */
  readonly steps: number;
  /** Examples an update. */
  readonly batchSize: number;
  readonly seed: number;
}

export interface SettledPlan<Settings extends RunSettings> extends RunPlan<Settings> {
  /** What was understood of the data; to be said before work begins. */
  readonly found?: FoundData | undefined;
}
