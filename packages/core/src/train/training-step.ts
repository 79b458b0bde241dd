/**
 * One update as one compiled step: loss, gradients, what the method remembers, clipping, optimizer, what the method does after it.
 */
import type { Scalar, Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-core";
import { scalar, tidy } from "@tensorflow/tfjs-core";
import { compileStep } from "../engine/compile-step.js";
import { clipByGlobalNorm, globalNorm } from "../gradients/clip.js";
import { gradientAccumulator } from "../gradients/gradient-accumulator.js";
import { gradientsOf } from "../gradients/gradients.js";
import type { Method, Tensors } from "../method.js";
import { training } from "../modules/mode.js";
import type { Named } from "../modules/module.js";
import type { Optimizer } from "../optimizers/optimizer.js";

export interface TrainingStepOptions<Batch extends Tensors> {
  method: Pick<Method<never, Batch>, "loss" | "remember" | "afterStep">;
  optimizer: Optimizer;
  clipNorm?: number;
  /** Micro-batches in a step. */
  accumulate: number;
}

export interface Outcome {
  readonly loss: number;
  /** The norm before clipping. */
  readonly gradientNorm: number;
  /** Both are finite; where they are not, no variable has changed. */
  readonly isAccepted: boolean;
}

export interface TrainingStep<Batch extends Tensors> {
  /** Adds a micro-batch's gradients, for the update to come. Dropout draws from `key`. */
  gather(batch: Batch, key: Tensor1D): Promise<Outcome>;
  /** The last (or only) micro-batch, and the update. `progress` goes from 0 to 1. */
  update(batch: Batch, key: Tensor1D, learningRate: number, progress: number): Promise<Outcome>;
  /** Forgets what was gathered. */
  abandon(): void;
  /** Gradients gathered so far: saved with the optimizer's slots. */
  readonly state: Named<Variable>;
  dispose(): void;
}

export function trainingStep<Batch extends Tensors>(options: TrainingStepOptions<Batch>): TrainingStep<Batch> {
  const { method, optimizer, clipNorm, accumulate } = options;
  const gathered = accumulate > 1 ? gradientAccumulator(optimizer.parameters) : undefined;

  const slopes = (batch: Batch, key: Tensor1D) => {
    const found = training(() => gradientsOf(() => method.loss(batch), optimizer.parameters), key);
    const { loss, gradients, made } = found;
    if (made) method.remember?.(made);
    return { loss, gradients };
  };
  const clip = (gradients: Named<Tensor>) =>
    clipNorm === undefined ? { gradients, norm: globalNorm(gradients) } : clipByGlobalNorm(gradients, clipNorm);

  const gathering = compileStep(({ batch, key }: { batch: Batch; key: Tensor1D }) => {
    const { loss, gradients } = slopes(batch, key);
    gathered?.add(gradients);
    return { loss, gradientNorm: globalNorm(gradients) };
  });

  const updating = compileStep(
    ({
      batch,
      key,
      learningRate,
      progress,
    }: {
      batch: Batch;
      key: Tensor1D;
      learningRate: Scalar;
      progress: Scalar;
    }) => {
      const { loss, gradients } = slopes(batch, key);
      gathered?.add(gradients);
      const { gradients: clipped, norm } = clip(gathered?.take() ?? gradients);
      optimizer.step(clipped, learningRate);
      method.afterStep?.(progress);
      return { loss, gradientNorm: norm };
    },
  );

  async function update(batch: Batch, key: Tensor1D, learningRate: number, progress: number): Promise<Outcome> {
    const numbers = { learningRate: scalar(learningRate), progress: scalar(progress) };
    try {
      return await judged((accept) => updating({ batch, key, ...numbers }, accept));
    } finally {
      numbers.learningRate.dispose();
      numbers.progress.dispose();
    }
  }

  return {
    gather: (batch, key) => judged((accept) => gathering({ batch, key }, accept)),
    update,
    abandon: () => tidy(() => void gathered?.take()),
    state: gathered?.state ?? {},
    dispose() {
      gathering.dispose();
      updating.dispose();
      for (const variable of Object.values(gathered?.state ?? {})) variable.dispose();
    },
  };
}

type Judged = { readonly loss: Scalar; readonly gradientNorm: Scalar };

/** Runs a step that changes variables only where its loss and its gradients' norm are finite. */
async function judged(run: (accept: (made: Judged) => boolean) => Promise<Judged>): Promise<Outcome> {
  let outcome: Outcome | undefined;
  const made = await run(({ loss, gradientNorm }) => {
    const numbers = { loss: loss.dataSync()[0]!, gradientNorm: gradientNorm.dataSync()[0]! };
    outcome = { ...numbers, isAccepted: Object.values(numbers).every(Number.isFinite) };
    return outcome.isAccepted;
  });
  made.loss.dispose();
  made.gradientNorm.dispose();
  return outcome!;
}
