/**
 * What every method must pass, whatever it learns from: named checks for any test runner.
 *
 *     for (const { name, run } of methodSuite({ make, samples, inputs })) test(name, run);
 */
import { dispose, engine, memory, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { gradientsOf } from "../gradients/gradients.js";
import type { Method, Tensors } from "../method.js";
import { sgd } from "../optimizers/sgd.js";
import type { Random } from "../random.js";
import { assert } from "./assert.js";
import { checkMade, checkMoved } from "./memory-checks.js";
import { spread } from "./spread.js";
import { beginTrial, type Drawn, type Trial, trainBriefly, valuesOf, warmMemory } from "./trial.js";

export interface MethodSuiteOptions<Sample, Batch extends Tensors> {
  /** Builds the method anew, all its chance taken from `random`. */
  make(random: Random): Method<Sample, Batch>;
  /** One small batch. */
  samples: readonly Sample[];
  /** What the encoder embeds to be tested for collapse: at least two different inputs, made anew at each call. */
  inputs(): Tensor;
  /** Steps of SGD with momentum 0.9, each on a new draw from the samples; 20 unless told. */
  steps?: number;
  /** 0.05 unless told. */
  learningRate?: number;
  /** Batches that a method with `remember` remembers before its loss is judged, for a queue that starts random; 20 unless told. */
  warmUp?: number;
  /** The method's own checks, each given a fresh trial; they throw where something is wrong. */
  additional?: readonly { readonly name: string; run(trial: Trial): void | Promise<void> }[];
}

export interface NamedCheck {
  readonly name: string;
  /** Throws an error that says what is wrong. The backend must be ready. */
  run(): Promise<void>;
}

export function methodSuite<Sample, Batch extends Tensors>(options: MethodSuiteOptions<Sample, Batch>): NamedCheck[] {
  const { make, samples, inputs, steps = 20, learningRate = 0.05, warmUp = 20, additional = [] } = options;
  const begin = () => beginTrial((random) => make(random), samples, 1);
  const train = (trial: Trial) => trainBriefly(trial, steps, learningRate);
  const warm = (trial: Trial) => warmMemory(trial, warmUp);

  const onTrial = (check: (trial: Trial, drawn: Drawn) => void | Promise<void>) => async () => {
    const trial = begin();
    const drawn = trial.draw(2);
    try {
      await check(trial, drawn);
    } finally {
      drawn.dispose();
      trial.dispose();
    }
  };
  return [
    { name: "the loss is a finite scalar", run: onTrial(checkFinite) },
    { name: "its own numbers are finite scalars", run: onTrial(checkMetrics) },
    { name: "every learned tensor has a gradient", run: onTrial(checkLearned) },
    { name: "no carried tensor has a gradient", run: onTrial(checkCarried) },
    { name: "what is made to be remembered has no gradient", run: onTrial(checkMade) },
    { name: "remember and afterStep change only what is carried", run: onTrial(checkMoved) },
    {
      name: "the same seed gives the same loss",
      run: onTrial((...first) => onTrial((...second) => checkSame(first, second))()),
    },
    {
      name: "a replayed step does what a plain one does",
      run: onTrial((plain) => onTrial((replayed) => checkReplay(plain, replayed))()),
    },
    { name: "a step leaves no tensor behind", run: onTrial(checkLeaks) },
    { name: "the loss falls", run: onTrial((trial, drawn) => checkFalling(trial, drawn, { warm, train })) },
    { name: "the embedding does not collapse", run: onTrial((trial) => checkSpread(trial, inputs, { warm, train })) },
    ...additional.map(({ name, run }) => ({ name, run: onTrial((trial) => run(trial)) })),
  ];
}

function checkFinite({ name }: Trial, drawn: Drawn): void {
  const { shape, values } = valuesOf(() => drawn.loss());
  assert(shape.length === 0, `${name}: the loss must be a scalar, got shape [${shape}].`);
  assert(Number.isFinite(values[0]), `${name}: the loss must be finite, got ${values[0]}.`);
}

function checkMetrics({ name, metrics }: Trial, { batch }: Drawn): void {
  tidy(() => {
    for (const [metric, number] of Object.entries(metrics?.(batch) ?? {})) {
      const { shape, values } = valuesOf(() => number);
      assert(shape.length === 0, `${name}: its ${metric} must be a scalar, got shape [${shape}].`);
      assert(Number.isFinite(values[0]), `${name}: its ${metric} must be finite, got ${values[0]}.`);
    }
  });
}

function checkLearned({ name, learned }: Trial, drawn: Drawn): void {
  tidy(() => {
    const { gradients } = gradientsOf(() => drawn.loss(), learned);
    for (const [parameter, gradient] of Object.entries(gradients)) {
      const { values } = valuesOf(() => gradient);
      assert(values.every(Number.isFinite), `${name}: the gradient of ${parameter} must be finite.`);
      assert(
        values.some((value) => value !== 0),
        `${name}: the gradient of ${parameter} is zero. Use it in the loss, or take it out of what is learned.`,
      );
    }
  });
}

function checkCarried({ name, learned, buffers, carried }: Trial, drawn: Drawn): void {
  const names = Object.keys(carried);
  const ofLearned = new Set([...Object.values(learned), ...Object.values(buffers)]);
  const both = names.filter((key) => ofLearned.has(carried[key]!));
  assert(both.length === 0, `${name}: ${both.join(", ")} must not be both learned and carried.`);
  if (names.length === 0) return;
  tidy(() => {
    const { grads } = engine().gradients(() => drawn.loss(), Object.values(carried), undefined, true);
    const reached = names.filter((_, i) => grads[i]).join(", ");
    assert(
      reached === "",
      `${name}: a gradient reaches ${reached}, which is carried. Compute with it inside withoutGradient.`,
    );
  });
}

function checkSame([{ name }, first]: [Trial, Drawn], [, second]: [Trial, Drawn]): void {
  const losses = [first, second].map((drawn) => valuesOf(() => drawn.loss()).values[0]);
  assert(
    losses[0] === losses[1],
    `${name}: the same seed must give the same loss, got ${losses.join(" and ")}. Take all chance from the random given.`,
  );
}

/** Three steps each way, on three draws. */
async function checkReplay(plain: Trial, replayed: Trial): Promise<void> {
  const optimizers = [sgd(plain.learned), sgd(replayed.learned)] as const;
  const replay = replayed.compile(optimizers[1]);
  for (const seed of [11, 12, 13]) {
    const drawn = plain.draw(seed);
    const expected = plain.update(optimizers[0], drawn, 0.01);
    const loss = await replay(drawn, 0.01);
    drawn.dispose();
    assert(
      Math.abs(loss - expected) <= 1e-4 * (1 + Math.abs(expected)),
      `${plain.name}: a replayed step must give the loss of a plain one, got ${loss} instead of ${expected}. ` +
        "loss and afterStep may depend on tensors and variables only: no chance, no counting, no reading.",
    );
  }
  assertSameCarried(plain, replayed);
  replay.dispose();
  for (const { state } of optimizers) dispose(Object.values(state));
}

function assertSameCarried({ name, carried }: Trial, replayed: Trial): void {
  for (const key of Object.keys(carried)) {
    const [expected, values] = [carried, replayed.carried].map((named) => valuesOf(() => named[key]!).values);
    const isSame = expected!.every((value, i) => Math.abs(values![i]! - value) <= 1e-4 * (1 + Math.abs(value)));
    assert(
      isSame,
      `${name}: replayed steps must leave ${key} as plain ones do. remember and afterStep may depend on tensors and variables only.`,
    );
  }
}

function checkLeaks({ name, learned, draw, update }: Trial, drawn: Drawn): void {
  const atDraw = leftBy(() => draw(3).dispose());
  assert(atDraw === 0, `${name}: draw leaves ${atDraw} tensors beside its batch. Wrap its work in tidy.`);
  const optimizer = sgd(learned);
  const atStep = leftBy(() => update(optimizer, drawn, 0.01));
  dispose(Object.values(optimizer.state));
  assert(
    atStep === 0,
    `${name}: a step leaves ${atStep} tensors. Make variables when the method is built; keep nothing.`,
  );
}

/** Tensors more after the second run than before it: what is cached once is no leak. */
function leftBy(body: () => void): number {
  body();
  const before = memory().numTensors;
  body();
  return memory().numTensors - before;
}

interface Course {
  warm(trial: Trial): void;
  train(trial: Trial): void;
}

function checkFalling(trial: Trial, drawn: Drawn, { warm, train }: Course): void {
  const measure = () => valuesOf(() => drawn.loss()).values[0]!;
  warm(trial);
  const before = measure();
  train(trial);
  const after = measure();
  assert(after < before, `${trial.name}: the loss must fall, got ${before} before training and ${after} after.`);
}

function checkSpread(trial: Trial, inputs: () => Tensor, { warm, train }: Course): void {
  const measure = () =>
    spread(
      valuesOf(() => trial.encoder(inputs())),
      trial,
    );
  warm(trial);
  const before = measure();
  train(trial);
  const after = measure();
  assert(
    after > 0.1 * before,
    `${trial.name}: the embedding collapses: its spread fell from ${before} to ${after} (0: all inputs embed alike).`,
  );
}
