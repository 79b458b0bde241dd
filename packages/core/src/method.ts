/**
 * A self-supervised method is a plain object: what it draws by chance, what it minimises, what it learns.
 */
import type { Scalar, Tensor } from "@tensorflow/tfjs-core";
import type { Module, Named } from "./modules/module.js";
import type { Random } from "./random.js";

/** Tensors by name, nested as a method likes. */
export interface Tensors {
  readonly [name: string]: Tensor | Tensors;
}

/** What survives pretraining; all that evaluation sees. Maps a batch of inputs to features [N, featureSize]. */
export interface Encoder<Input extends Tensor = Tensor> extends Module<Input, Tensor> {
  readonly featureSize: number;
  /** Enough to build the same encoder again (Hugging Face's config.json): `{ model_type: "resnet", … }`. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface Method<Sample, Batch extends Tensors> {
  readonly name: string;
  readonly encoder: Encoder;
  /** What the optimizer updates. */
  readonly learned: Named<Module<never, unknown>>;
  /** Saved beside `learned` but moved only by the method: teachers, queues, centres. */
  readonly carried?: Named<Module<never, unknown>>;
  /** Chance enters here and nowhere else: views, masks, negatives. Runs in the loader, ahead of the step. */
  draw(samples: readonly Sample[], random: Random): Batch;
  /** The scalar to minimise: tensors in, tensors out, no reading, no chance. */
  loss(batch: Batch): Scalar;
  /** Runs after each update, traced with it; `progress` goes from 0 to 1. */
  afterStep?(progress: Scalar): void;
}
