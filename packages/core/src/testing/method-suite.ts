/**
 * What every method must pass, whatever it learns from. Named checks, to be run by any test runner:
 *
 *     for (const { name, run } of methodSuite({ … })) test(name, run);
 */
import { dispose, engine, memory, type Scalar, scalar, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { gradientsOf } from "../gradients.js";
import type { Method, Tensors } from "../method.js";
import { training } from "../mode.js";
import { type Named, namedVariables } from "../module.js";
import { sgd } from "../optimizers/sgd.js";
import { createRandom, type Random } from "../random.js";

export interface MethodSuiteOptions<Sample, Batch extends Tensors> {
  /** Builds the method anew, all its chance taken from `random`. */
  make(random: Random): Method<Sample, Batch>;
  /** One small batch. */
  samples: readonly Sample[];
  /** What the encoder embeds to be tested for collapse: at least two different inputs, made anew at each call. */
  inputs(): Tensor;
  /** Of SGD with momentum 0.9, each on a new draw from the samples; 20 unless told. */
  steps?: number;
  /** 0.05 unless told. */
  learningRate?: number;
}

export interface NamedCheck {
  readonly name: string;
  /** Throws an error that says what is wrong. */
  run(): void;
}

/** The backend must be ready when the checks run. */
export function methodSuite<Sample, Batch extends Tensors>(options: MethodSuiteOptions<Sample, Batch>): NamedCheck[] {
  const withMethod = (seed: number, body: (method: Method<Sample, Batch>, batch: Batch) => void) => () => {
    const method = options.make(createRandom(seed));
    const batch = method.draw(options.samples, drawsOf(seed));
    try {
      body(method, batch);
    } finally {
      dispose([batch, ...variablesOf(method)]);
    }
  };
  return [
    { name: "the loss is a finite scalar", run: withMethod(1, checkFinite) },
    { name: "every learned tensor has a gradient", run: withMethod(1, checkLearned) },
    { name: "no carried tensor has a gradient", run: withMethod(1, checkCarried) },
    { name: "the same seed gives the same loss", run: () => checkRepeatable(options) },
    { name: "a step leaves no tensor behind", run: withMethod(1, (method) => checkLeaks(method, options.samples)) },
    { name: "the loss falls", run: withMethod(1, (method, batch) => checkFalling(method, batch, options)) },
    { name: "the embedding does not collapse", run: withMethod(1, (method) => checkCollapse(method, options)) },
  ];
}

type AnyMethod<Batch extends Tensors> = Method<never, Batch>;

function checkFinite<Batch extends Tensors>(method: AnyMethod<Batch>, batch: Batch): void {
  tidy(() => {
    const loss = training(() => method.loss(batch));
    const value = loss.dataSync()[0]!;
    assert(loss.rank === 0, `${method.name}: the loss must be a scalar, got shape [${loss.shape}].`);
    assert(Number.isFinite(value), `${method.name}: the loss must be finite, got ${value}.`);
  });
}

function checkLearned<Batch extends Tensors>(method: AnyMethod<Batch>, batch: Batch): void {
  tidy(() => {
    const { gradients } = training(() => gradientsOf(() => method.loss(batch), learnedBy(method)));
    for (const [name, gradient] of Object.entries(gradients)) {
      const values = [...gradient.dataSync()];
      assert(values.every(Number.isFinite), `${method.name}: the gradient of ${name} must be finite.`);
      assert(
        values.some((value) => value !== 0),
        `${method.name}: the gradient of ${name} is zero everywhere. Use it in the loss, or take it out of what is learned.`,
      );
    }
  });
}

function checkCarried<Batch extends Tensors>(method: AnyMethod<Batch>, batch: Batch): void {
  const carried = namedVariables(method.carried ?? {}, "parameters");
  const learned = new Set(Object.values(learnedBy(method)));
  const both = Object.keys(carried).filter((name) => learned.has(carried[name]!));
  assert(both.length === 0, `${method.name}: ${both.join(", ")} must not be both learned and carried.`);
  if (Object.keys(carried).length === 0) return;

  tidy(() => {
    const loss = () => method.loss(batch);
    const { grads } = training(() => engine().gradients(loss, Object.values(carried), undefined, true));
    const reached = Object.keys(carried).filter((_, i) => grads[i]);
    assert(
      reached.length === 0,
      `${method.name}: a gradient reaches ${reached.join(", ")}, which are carried. Compute with them inside withoutGradient.`,
    );
  });
}

function checkRepeatable<Sample, Batch extends Tensors>({ make, samples }: MethodSuiteOptions<Sample, Batch>): void {
  const seed = 3;
  const losses = [0, 1].map(() => {
    const method = make(createRandom(seed));
    const batch = method.draw(samples, drawsOf(seed));
    const loss = lossOf(method, batch);
    dispose([batch, ...variablesOf(method)]);
    return loss;
  });
  assert(
    losses[0] === losses[1],
    `${make(createRandom(seed)).name}: the same seed must give the same loss, got ${losses.join(" and ")}. Take all chance from random.`,
  );
}

function checkLeaks<Sample, Batch extends Tensors>(method: Method<Sample, Batch>, samples: readonly Sample[]): void {
  const optimizer = sgd(learnedBy(method));
  const count = (body: () => void) => {
    const before = memory().numTensors;
    body();
    return memory().numTensors - before;
  };
  const draw = () => dispose([method.draw(samples, drawsOf(5))]);
  draw(); // what is cached once is no leak
  const drawn = count(draw);
  assert(drawn === 0, `${method.name}: draw leaves ${drawn} tensors beside the batch. Wrap it in tidy.`);

  const batch = method.draw(samples, drawsOf(5));
  const step = () => update(method, optimizer, batch, 0.01, 0.5);
  step();
  const stepped = count(step);
  dispose([batch, ...Object.values(optimizer.state)]);
  assert(
    stepped === 0,
    `${method.name}: a step leaves ${stepped} tensors. Make variables when the method is built, keep nothing.`,
  );
}

function checkFalling<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  batch: Batch,
  options: MethodSuiteOptions<Sample, Batch>,
): void {
  const before = lossOf(method, batch);
  train(method, options);
  const after = lossOf(method, batch);
  assert(after < before, `${method.name}: the loss must fall, got ${before} before training and ${after} after.`);
}

function checkCollapse<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  options: MethodSuiteOptions<Sample, Batch>,
): void {
  const before = spread(method, options.inputs);
  train(method, options);
  const after = spread(method, options.inputs);
  assert(
    after > 0.1 * before,
    `${method.name}: the embedding collapsed: its spread fell from ${before} to ${after}. Of 1 when rows are independent, 0 when all are alike.`,
  );
}

function train<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  { samples, steps = 20, learningRate = 0.05 }: MethodSuiteOptions<Sample, Batch>,
): void {
  const optimizer = sgd(learnedBy(method));
  for (let step = 0; step < steps; step += 1) {
    const batch = method.draw(samples, drawsOf(step).split("train"));
    update(method, optimizer, batch, learningRate, step / steps);
    dispose([batch]);
  }
  dispose(Object.values(optimizer.state));
}

function update<Batch extends Tensors>(
  method: AnyMethod<Batch>,
  optimizer: ReturnType<typeof sgd>,
  batch: Batch,
  learningRate: number,
  progress: number,
): void {
  tidy(() => {
    training(() => {
      const { gradients } = gradientsOf(() => method.loss(batch), optimizer.parameters);
      optimizer.step(gradients, scalar(learningRate));
      method.afterStep?.(scalar(progress));
    });
  });
}

/** The standard deviation over rows of unit-length features, times √size: 1 when rows point everywhere, 0 when all point one way. */
function spread(method: AnyMethod<never>, inputs: () => Tensor): number {
  const { shape, values } = tidy(() => {
    const features = method.encoder(inputs());
    return { shape: features.shape, values: [...features.dataSync()] };
  }) as { shape: number[]; values: number[] };
  const [rows, size] = shape as [number, number];
  assert(
    shape.length === 2 && size === method.encoder.featureSize,
    `${method.name}: features must be [N, ${method.encoder.featureSize}], got [${shape}].`,
  );
  assert(rows >= 2, `${method.name}: inputs must hold at least 2 rows, got ${rows}.`);

  const units = Array.from({ length: rows }, (_, row) => unit(values.slice(row * size, (row + 1) * size)));
  let total = 0;
  for (let i = 0; i < size; i += 1) {
    const mean = units.reduce((sum, row) => sum + row[i]!, 0) / rows;
    total += Math.sqrt(units.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0) / rows);
  }
  return (total / size) * Math.sqrt(size);
}

function unit(row: number[]): number[] {
  const length = Math.hypot(...row) || 1;
  return row.map((value) => value / length);
}

function lossOf<Batch extends Tensors>(method: AnyMethod<Batch>, batch: Batch): number {
  return tidy(() => training(() => method.loss(batch)).dataSync()[0]!) as unknown as number;
}

function learnedBy(method: AnyMethod<never>): Named<Variable> {
  return namedVariables(method.learned, "parameters");
}

function variablesOf(method: AnyMethod<never>): Variable[] {
  return [method.learned, method.carried ?? {}].flatMap((modules) =>
    (["parameters", "buffers"] as const).flatMap((kind) => Object.values(namedVariables(modules, kind))),
  );
}

function drawsOf(seed: number): Random {
  return createRandom(seed).split("draws");
}

function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}
