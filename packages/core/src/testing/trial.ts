/**
 * A method under test: built from a seed, with a way to draw batches and to train a little.
 */
import { dispose, type Scalar, scalar, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { gradientsOf } from "../gradients.js";
import type { Encoder, Method, Tensors } from "../method.js";
import { training } from "../mode.js";
import { type Named, namedVariables } from "../module.js";
import type { Optimizer } from "../optimizer.js";
import { sgd } from "../optimizers/sgd.js";
import { createRandom, type Random } from "../random.js";

export interface Trial {
  readonly name: string;
  readonly encoder: Encoder;
  readonly learned: Named<Variable>;
  readonly carried: Named<Variable>;
  draw(seed: number): Drawn;
  /** One update by SGD on a batch, traced as the trainer does it. */
  update(optimizer: Optimizer, drawn: Drawn, learningRate: number, progress: number): void;
  dispose(): void;
}

export interface Drawn {
  /** In training mode. */
  loss(): Scalar;
  dispose(): void;
}

export function beginTrial<Sample, Batch extends Tensors>(
  make: (random: Random) => Method<Sample, Batch>,
  samples: readonly Sample[],
  seed: number,
): Trial {
  const method = make(createRandom(seed));
  const { learned, carried = {} } = method;
  const parameters = namedVariables(learned, "parameters");

  function draw(seed: number): Drawn {
    const batch = method.draw(samples, createRandom(seed));
    return { loss: () => training(() => method.loss(batch)), dispose: () => dispose([batch]) };
  }

  function update(optimizer: Optimizer, drawn: Drawn, learningRate: number, progress: number): void {
    tidy(() => {
      const { gradients } = gradientsOf(() => drawn.loss(), parameters);
      optimizer.step(gradients, scalar(learningRate));
      method.afterStep?.(scalar(progress));
    });
  }

  return {
    name: method.name,
    encoder: method.encoder,
    learned: parameters,
    carried: namedVariables(carried, "parameters"),
    draw,
    update,
    dispose: () => {
      for (const modules of [learned, carried]) {
        for (const kind of ["parameters", "buffers"] as const) dispose(Object.values(namedVariables(modules, kind)));
      }
    },
  };
}

/** `steps` updates by SGD with momentum 0.9, each on a new draw. */
export function trainBriefly(trial: Trial, steps: number, learningRate: number): void {
  const optimizer = sgd(trial.learned);
  for (let step = 0; step < steps; step += 1) {
    const drawn = trial.draw(1000 + step);
    trial.update(optimizer, drawn, learningRate, step / steps);
    drawn.dispose();
  }
  dispose(Object.values(optimizer.state));
}

/** The numbers of what `compute` gives, which is freed. */
export function valuesOf(compute: () => Tensor): { shape: number[]; values: number[] } {
  let read: { shape: number[]; values: number[] } = { shape: [], values: [] };
  tidy(() => {
    const tensor = compute();
    read = { shape: tensor.shape, values: [...tensor.dataSync()] };
  });
  return read;
}
