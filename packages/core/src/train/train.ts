/**
 * Pretraining: batch after batch, one compiled step each, as a generator of reports.
 *
 * Logging, checkpoints and early stopping belong to the caller, between two reports.
 */
import { dispose as disposeTensors, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { ahead } from "../data/ahead.js";
import type { CorruptSample, LoadedBatch, Loader } from "../data/loader.js";
import type { Method, Tensors } from "../method.js";
import { chanceKey } from "../modules/chance-key.js";
import { type Named, namedVariables } from "../modules/module.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { Random } from "../random.js";
import { assignVariables, storeVariables } from "../safetensors/variables.js";
import type { Schedule } from "../schedules/schedule.js";
import { version } from "../version.js";
import { stopwatch } from "./pace.js";
import type { TrainingReport } from "./training-report.js";
import { assertSameRun, freshState, type Identity, type TrainingState } from "./training-state.js";
import { type Outcome, type TrainingStep, trainingStep } from "./training-step.js";

export interface TrainOptions<Sample, Batch extends Tensors> {
  method: Method<Sample, Batch>;
  loader: Loader<Sample>;
  optimizer: Optimizer;
  learningRate: number | Schedule;
  steps: number;
  /** Gives `draw` its chance, a stream for each batch, and dropout a key for each; only split, never moved. */
  random: Random;
  /** Bound of the gradients' norm; none unless told. */
  clipNorm?: number;
  /** Micro-batches whose gradients are averaged into one update; 1 unless told. */
  accumulate?: number;
  /** Batches drawn ahead of the step; 1 unless told. */
  prefetch?: number;
  /** Ends the run after the batch under way. A signal's handler need do nothing else. */
  signal?: AbortSignal;
  /** What else must be the same when the run is resumed: the hash of its configuration, the engine. */
  identity?: Identity;
}

export interface Training extends AsyncGenerator<TrainingReport, void> {
  /** All that an identical continuation needs; to be called while no report is awaited. */
  checkpoint(): Promise<Checkpoint>;
  /** Continues from a checkpoint; to be called before the first report is asked for. `force` takes one of another run. */
  restore(checkpoint: Checkpoint, options?: { force?: boolean }): void;
  /** Releases the compiled steps, after the last checkpoint. */
  dispose(): void;
}

/** Steps in a row that may be refused before the run stops. */
const mostRefused = 3;

export function train<Sample, Batch extends Tensors>(options: TrainOptions<Sample, Batch>): Training {
  const { method, loader, optimizer, steps, clipNorm, accumulate = 1, prefetch = 1, signal } = options;
  assertSensible(options);
  const learningRateAt =
    typeof options.learningRate === "number" ? () => options.learningRate as number : options.learningRate;
  const random = options.random.split("draw");
  const keys = options.random.split("key");
  const step = trainingStep({ method, optimizer, clipNorm, accumulate });
  const saved = savedVariables(method, optimizer, step);
  const identity: Identity = {
    method: method.name,
    optimizer: optimizer.name,
    steps,
    batchSize: loader.batchSize,
    accumulate,
    clipNorm: clipNorm ?? null,
    random: random.state().words.join(" "),
    worldSize: 1,
    version,
    ...options.identity,
  };
  let state = freshState;
  let isForced = false;
  let hasBegun = false;

  async function* run(): AsyncGenerator<TrainingReport, void> {
    hasBegun = true;
    const watch = stopwatch();
    const corrupt: CorruptSample[] = [];
    let samples = 0;
    let { batches: number } = state;
    const draw = (loaded: LoadedBatch<Sample>): Drawn<Sample, Batch> => {
      const [stream, ofKey] = [random.split(number), keys.split(number)];
      number += 1;
      return { loaded, batch: tidy(() => method.draw(loaded.samples, stream)), key: chanceKey(ofKey) };
    };
    const discard = ({ batch, key }: Drawn<Sample, Batch>) => disposeTensors([batch, key]);
    const drawn = ahead(loader.batches(state.loader, { force: isForced }), draw, { depth: prefetch, discard });
    try {
      while (state.step < steps) {
        const coming = drawn.next();
        const next = await watch.waiting(unlessAborted(coming, signal));
        if (next === undefined || next.done || signal?.aborted) {
          coming.then((late) => late.done || discard(late.value)).catch(() => {}); // nobody waits for it any more
          return;
        }
        const { loaded, batch, key } = next.value;

        const isLast = state.gathered.batches + 1 === accumulate;
        const learningRate = learningRateAt(state.step);
        const outcome = await (isLast
          ? step.update(batch, key, learningRate, (state.step + 1) / steps)
          : step.gather(batch, key)
        ).finally(() => discard(next.value));
        const losses = state.gathered.loss + outcome.loss;
        if (!outcome.isAccepted) step.abandon();
        state = advanced(state, loaded, outcome, isLast);
        for (const sample of loaded.corrupt) corrupt.push(sample);
        samples += loaded.samples.length;
        if (!isLast && outcome.isAccepted) continue;

        const { secondsPerStep, ...pace } = watch.lap(samples);
        yield {
          step: state.step,
          epoch: loaded.epoch,
          progress: state.step / steps,
          loss: losses / accumulate,
          learningRate,
          gradientNorm: outcome.gradientNorm,
          samples: state.samples,
          ...pace,
          etaSeconds: secondsPerStep * (steps - state.step),
          corrupt: corrupt.splice(0),
          corruptInAll: loaded.after.corrupt.length,
          refused: outcome.isAccepted ? undefined : { ids: loaded.ids },
        };
        samples = 0;
        if (state.refusedInRow >= mostRefused) throw notFinite(outcome, loaded.ids);
        watch.resume();
      }
    } finally {
      drawn.return(undefined).catch(() => {}); // not awaited: a reader that hangs must not keep the run from ending
    }
  }

  async function checkpoint(): Promise<Checkpoint> {
    const tensors: Record<string, Awaited<ReturnType<typeof storeVariables>>> = {};
    for (const [group, variables] of Object.entries(saved)) tensors[group] = await storeVariables(variables);
    return { step: state.step, tensors, state: { identity, encoder: method.encoder.config, ...state } };
  }

  function restore(from: Checkpoint, { force = false } = {}): void {
    if (hasBegun) throw new Error("train: restore must come before the first report is asked for.");
    if (!force) assertSameRun(from.state, identity);
    for (const [group, variables] of Object.entries(saved)) {
      assignVariables(variables, from.tensors[group] ?? new Map(), { from: `checkpoint step-${from.step}, ${group}` });
    }
    const { identity: _, encoder: __, ...rest } = from.state;
    state = rest as unknown as TrainingState;
    isForced = force;
  }

  return Object.assign(run(), { checkpoint, restore, dispose: step.dispose });
}

interface Drawn<Sample, Batch> {
  readonly loaded: LoadedBatch<Sample>;
  readonly batch: Batch;
  /** What dropout draws from. */
  readonly key: Tensor1D;
}

/** The state once a batch has been used: an update, a refusal, or one more gathered. */
function advanced(
  state: TrainingState,
  { samples, after }: LoadedBatch<unknown>,
  { loss, isAccepted }: Outcome,
  isLast: boolean,
): TrainingState {
  const used = { ...state, batches: state.batches + 1, samples: state.samples + samples.length, loader: after };
  if (isAccepted && !isLast) {
    return { ...used, gathered: { batches: state.gathered.batches + 1, loss: state.gathered.loss + loss } };
  }
  const refusedInRow = isAccepted ? 0 : state.refusedInRow + 1;
  return { ...used, step: state.step + 1, gathered: freshState.gathered, refusedInRow };
}

function savedVariables(
  method: Pick<Method<never, Tensors>, "learned" | "carried">,
  optimizer: Optimizer,
  step: Pick<TrainingStep<never>, "state">,
) {
  const { learned, carried = {} } = method;
  return {
    learned: { ...namedVariables(learned, "parameters"), ...namedVariables(learned, "buffers") },
    carried: { ...namedVariables(carried, "parameters"), ...namedVariables(carried, "buffers") },
    optimizer: { ...optimizer.state, ...step.state },
  } satisfies Record<string, Named<unknown>>;
}

/** undefined as soon as the signal is given. */
function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function assertSensible<Sample, Batch extends Tensors>(options: TrainOptions<Sample, Batch>): void {
  const { method, optimizer, steps, accumulate = 1, clipNorm } = options;
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`train: steps must be a whole number from 1, got ${steps}.`);
  if (!Number.isInteger(accumulate) || accumulate < 1) {
    throw new RangeError(`train: accumulate must be a whole number from 1, got ${accumulate}.`);
  }
  if (clipNorm !== undefined && !(clipNorm > 0))
    throw new RangeError(`train: clipNorm must be above 0, got ${clipNorm}.`);
  const learned = new Set(Object.values(namedVariables(method.learned, "parameters")));
  const strange = Object.entries(optimizer.parameters).filter(([, variable]) => !learned.has(variable));
  if (strange.length > 0) {
    throw new Error(
      `train: the optimizer must update only what ${method.name} learns, and ${strange[0]![0]} is not of it. ` +
        'Give it namedVariables(method.learned, "parameters").',
    );
  }
}

function notFinite({ loss, gradientNorm }: Outcome, ids: readonly string[]): Error {
  return new Error(
    `train: the loss or its gradients were not finite ${mostRefused} times in a row (last: loss ${loss}, gradient norm ${gradientNorm}, ` +
      `samples ${ids.slice(0, 8).join(", ")}${ids.length > 8 ? " …" : ""}). The weights are those before. Lower the learning rate or clip the gradients.`,
  );
}
