/**
 * A method under test: built from a seed, with a way to draw batches and to train a little.
 */
import { dispose, type Scalar, scalar, type Tensor, type Tensor1D, tidy, type Variable } from "@tensorflow/tfjs-core";
import { compileStep } from "../engine/compile-step.js";
import { gradientsOf } from "../gradients/gradients.js";
import { type Encoder, type Loss, lossOf, type Method, type Tensors } from "../method.js";
import { chanceKey } from "../modules/chance-key.js";
import { training } from "../modules/mode.js";
import { type Named, namedVariables } from "../modules/module.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { sgd } from "../optimizers/sgd.js";
import { createRandom, type Random } from "../random.js";

export interface Trial {
  readonly name: string;
  readonly encoder: Encoder;
  /** What the optimizer updates. */
  readonly learned: Named<Variable>;
  /** The buffers of what is learned: running statistics. */
  readonly buffers: Named<Variable>;
  /** Parameters and buffers. */
  readonly carried: Named<Variable>;
  /** The method's `remember`, where it has one. */
  readonly remember?: (made: Tensors) => void;
  afterStep(): void;
  /** The method's own numbers of a batch, in evaluation mode, where it has some. */
  readonly metrics?: (batch: Tensors) => Named<Scalar>;
  draw(seed: number): Drawn;
  /** One update on a batch, and the loss before it: every operation run as it comes. */
  update(optimizer: Optimizer, drawn: Drawn, learningRate: number): number;
  /** The same as the trainer does it: traced once, then replayed. */
  compile(optimizer: Optimizer): CompiledUpdate;
  dispose(): void;
}

export interface CompiledUpdate {
  (drawn: Drawn, learningRate: number): Promise<number>;
  dispose(): void;
}

export interface Drawn {
  readonly batch: Tensors;
  /** What dropout draws from. */
  readonly key: Tensor1D;
  /** The loss in training mode. */
  loss(): Scalar;
  /** What the loss makes beside its scalar, if it does; in training mode. */
  made(): Tensors | undefined;
  dispose(): void;
}

type StepInputs = {
  readonly batch: Tensors;
  readonly key: Tensor1D;
  readonly learningRate: Scalar;
  readonly progress: Scalar;
};

export function beginTrial<Sample, Batch extends Tensors>(
  make: (random: Random) => Method<Sample, Batch>,
  samples: readonly Sample[],
  seed: number,
): Trial {
  const method = make(createRandom(seed));
  const { learned, carried = {} } = method;
  const parameters = namedVariables(learned, "parameters");

  function draw(seed: number): Drawn {
    const random = createRandom(seed);
    const [batch, key] = [method.draw(samples, random), chanceKey(random.split("key"))];
    const given = (): Loss => training(() => method.loss(batch), key);
    const made = () => {
      const parts = given();
      return "made" in parts ? parts.made : undefined;
    };
    return { batch, key, loss: () => lossOf(given()), made, dispose: () => dispose([batch, key]) };
  }

  const stepBy = (optimizer: Optimizer) => (inputs: StepInputs) => {
    const given = () => training(() => method.loss(inputs.batch as Batch), inputs.key);
    const { loss, gradients, made } = gradientsOf(given, parameters);
    if (made) method.remember?.(made);
    optimizer.step(gradients, inputs.learningRate);
    method.afterStep?.(inputs.progress);
    return { loss };
  };

  function update(optimizer: Optimizer, { batch, key }: Drawn, learningRate: number): number {
    const step = stepBy(optimizer);
    const settings = () => ({ learningRate: scalar(learningRate), progress: scalar(0.5) });
    return valuesOf(() => step({ batch, key, ...settings() }).loss).values[0]!;
  }

  function compile(optimizer: Optimizer): CompiledUpdate {
    const step = compileStep(stepBy(optimizer));
    const run = async ({ batch, key }: Drawn, learningRate: number) => {
      const settings = { learningRate: scalar(learningRate), progress: scalar(0.5) };
      const { loss } = await step({ batch, key, ...settings });
      const [value] = await loss.data();
      dispose([settings, loss]);
      return value!;
    };
    return Object.assign(run, { dispose: () => step.dispose() });
  }

  return {
    name: method.name,
    encoder: method.encoder,
    learned: parameters,
    buffers: namedVariables(learned, "buffers"),
    carried: { ...namedVariables(carried, "parameters"), ...namedVariables(carried, "buffers") },
    remember: method.remember && ((made) => tidy(() => method.remember!(made as Record<never, Tensor>))),
    afterStep: () => tidy(() => method.afterStep?.(scalar(0.5))),
    metrics: method.metrics && ((batch) => method.metrics!(batch as Batch)),
    draw,
    update,
    compile,
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
    trial.update(optimizer, drawn, learningRate);
    drawn.dispose();
  }
  dispose(Object.values(optimizer.state));
}

/** Lets the method remember what `batches` new draws make; nothing is learned and no teacher moves. */
export function warmMemory({ draw, remember }: Trial, batches: number): void {
  if (remember === undefined) return;
  for (let batch = 0; batch < batches; batch += 1) {
    const drawn = draw(2000 + batch);
    tidy(() => {
      const made = drawn.made();
      if (made) remember(made);
    });
    drawn.dispose();
  }
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
