/**
 * What trains, of whatever modality: all that following a run needs to know of it.
 */
import type { Loader } from "../data/loader.js";
import type { Method, Tensors } from "../method.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { Picture } from "../pictures/picture.js";
import type { Random } from "../random.js";
import type { Schedule } from "../schedules/schedule.js";

export interface Learner {
  readonly method: Method<unknown, Tensors>;
  readonly loader: Loader<unknown>;
  readonly optimizer: Optimizer;
  readonly learningRate: Schedule;
  /** Updates in all. */
  readonly steps: number;
  /** Bound of the gradients' norm. */
  readonly clipNorm?: number | undefined;
  /** The batches' chance. */
  readonly random: Random;
  /** Steps between two checkpoints, where nothing else is told. */
  readonly saveEvery: number;
  /** What a second's work is counted in: images, tokens. */
  readonly pace: { readonly unit: string; readonly perSample: number };
  /** What the loss is while nothing is learned; absent where there is no such number. */
  readonly chance?: ChanceLoss | undefined;
  /** Looks at what has been learned so far; undefined where there is nothing to tell. */
  watch(at: { isLast: boolean }): Promise<Watched | undefined>;
  /** Writes the finished encoder, whole or not at all. */
  save(folder: string): Promise<void>;
  dispose(): Promise<void>;
}

/** The loss of guessing: a method that stays there has collapsed or not begun. */
export interface ChanceLoss {
  readonly loss: number;
  /** What it is: "ln(2N − 1)". */
  readonly is: string;
}

export interface Watched {
  /** Numbers for metrics.jsonl. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The text in the live line: `rank 21.7`. */
  readonly shown: string;
  /** What must not be overlooked. */
  readonly alarm?: string | undefined;
  /** The picture for pictures/ and TensorBoard: what goes in beside what comes out (`pictureOf`). */
  readonly picture?: Picture | undefined;
}
