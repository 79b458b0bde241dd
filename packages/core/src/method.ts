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

/** Classes differ between copies of TensorFlow.js; data ids do not. */
export function isTensor(value: Tensor | Tensors): value is Tensor {
  return "dataId" in value && "shape" in value;
}

/** What survives pretraining; all that evaluation sees. Maps a batch of inputs to features [N, featureSize]. */
export interface Encoder<Input extends Tensor = Tensor> extends Module<Input, Tensor> {
  readonly featureSize: number;
  /** Enough to build the same encoder again (Hugging Face's config.json): `{ model_type: "resnet", … }`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The same encoder again with new weights. Methods with a teacher ask for it, through `twin`. */
  again?(random: Random): Encoder<Input>;
}

/** A scalar, alone or beside what its batch leaves to be remembered. */
export type Loss<Made extends Tensors = Tensors> = Scalar | { readonly loss: Scalar; readonly made: Made };

/** The scalar of a loss. */
export function lossOf(given: Loss): Scalar {
  return "made" in given ? given.loss : given;
}

export interface Method<Sample, Batch extends Tensors, Made extends Tensors = Record<never, Tensor>> {
  readonly name: string;
  readonly encoder: Encoder;
  /** What the optimizer updates. */
  readonly learned: Named<Module<never, unknown>>;
  /** Saved beside `learned` but moved only by the method: teachers, queues, centres. */
  readonly carried?: Named<Module<never, unknown>>;
  /** All chance enters here (views, masks, negatives) but dropout's, which the step's key decides. Runs in the loader, ahead of the step. */
  draw(samples: readonly Sample[], random: Random): Batch;
  /**
   * The scalar to minimise: tensors in, tensors out, no reading, no chance. `made` is what this batch leaves to be remembered (keys, a
   * teacher's outputs); no gradient enters it.
   */
  loss(batch: Batch): Loss<Made>;
  /** Runs after the loss of each micro-batch and before the update, traced with the step: queues, centres. */
  remember?(made: Made): void;
  /**
   * Runs after each update, traced with it: teachers. `progress` goes from 0 to 1. MoCo moves its key encoder before the keys are made,
   * not after the update: what each loss sees is the same, for the first move is from equal weights to equal weights.
   */
  afterStep?(progress: Scalar): void;
  /**
   * Numbers of its own, in evaluation mode: a pretext task's accuracy, the terms of its loss. `methodMetrics` reads them while it learns; the
   * first is shown, all are logged.
   */
  metrics?(batch: Batch): Named<Scalar>;
  /** What those numbers tell that must not be overlooked: the method's signature of collapse. */
  alarm?(metrics: Readonly<Named<number>>): string | undefined;
  /** What a person may look at, in evaluation mode: input, masked input, reconstruction. */
  preview?(batch: Batch): Tensors;
}
