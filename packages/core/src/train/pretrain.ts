/**
 * One pretraining run, from its folder's checkpoints to its encoder: the caller of the training generator.
 */
import { join } from "node:path";
import { verifyIfListed } from "../checkpoint/checksums.js";
import { assertReplaceable } from "../checkpoint/commit-directory.js";
import { exists } from "../checkpoint/free-folder.js";
import { TooManyCorruptError } from "../data/loader.js";
import type { EngineDescription } from "../engine/engine.js";
import type { LiveLine } from "../lines/live-line.js";
import type { MetricsLog } from "../metrics/metrics-log.js";
import type { Run } from "../run/run.js";
import type { RunEnding } from "../run/run-state.js";
import { Interrupted } from "../run/watch-signals.js";
import type { ChanceLoss, Learner, Watched } from "./learner.js";
import { describeProgress } from "./progress.js";
import { type Training, train } from "./train.js";
import type { TrainingReport } from "./training-report.js";

export interface PretrainingOptions {
  readonly run: Run;
  /** Whoever made it disposes of it. */
  readonly learner: Learner;
  readonly engine: EngineDescription;
  /** Steps between two checkpoints; the learner's own unless told. */
  readonly saveEvery?: number | undefined;
  /** Resumes in spite of other data, another engine or another version. */
  readonly force?: boolean | undefined;
  readonly line: LiveLine;
  /** Ends the run after the step under way, and saves it; the signal of `watchSignals` is kept with the run. */
  readonly signal: AbortSignal;
  /** Is told of each step when it has been logged: whoever gives a run so much time ends it here, by the signal. */
  readonly onReport?: ((report: TrainingReport) => void) | undefined;
}

export interface PretrainingEnd {
  readonly step: number;
  readonly isFinished: boolean;
  /** Examples that could not be read, since the run began. */
  readonly skipped: number;
  /** What the last look saw. */
  readonly watched: Watched | undefined;
}

/** So often the learner is looked at in a run. */
const LOOKS = 20;

/** In the first tenth of the steps a loss of guessing is no alarm. */
const EARLY = 0.1;

/** Whoever opened the run closes it; one that is not finished is closed here, with what ended it. */
export async function pretrain(options: PretrainingOptions): Promise<PretrainingEnd> {
  const { run, learner, engine, force, line, signal } = options;
  const { method, loader, optimizer, learningRate, steps, clipNorm, random } = learner;
  const training = train({
    method,
    loader,
    optimizer,
    learningRate,
    steps,
    random,
    signal,
    ...(clipNorm !== undefined && { clipNorm }),
    identity: {
      config: run.configHash,
      engine: engine.name,
      provider: engine.provider,
      kernels: engine.kernels && "path" in engine.kernels ? "used" : "none", // they round otherwise
    },
  });
  try {
    const from = await restore(run, training, { force, line });
    line.end();
    if (from < steps || !(await isWhole(run.encoderFolder))) await assertReplaceable(run.encoderFolder); // now, not at the end
    const end = await follow(training, from, options);
    if (end.skipped > 0)
      line.print(
        `skipped in all: ${end.skipped} of the ${learner.pace.unit === "images" ? "images" : "examples"}, which could not be read`,
      );
    if (!end.isFinished) await run.close(interruption(signal));
    else if (from < steps || !(await isWhole(run.encoderFolder))) await keepEncoder(run, learner);
    return end;
  } catch (error) {
    await run.close(endingBy(error, signal));
    throw error;
  } finally {
    training.dispose();
  }
}

/** Saving would make a folder anew that was deleted meanwhile: a run that is gone is an error. */
async function keepEncoder(run: Run, learner: Learner): Promise<void> {
  await run.check();
  await learner.save(run.encoderFolder);
  await run.check();
}

/** Whether an earlier process has left the finished encoder, undamaged. */
async function isWhole(encoder: string): Promise<boolean> {
  if (!(await exists(join(encoder, "model.safetensors")))) return false;
  return verifyIfListed(encoder).then(
    () => true,
    () => false,
  );
}

/** What is left of a run that an error ended, or the signal. */
export function endingBy(error: unknown, signal: AbortSignal): RunEnding {
  return error === signal.reason ? interruption(signal) : { failed: error };
}

function interruption({ reason }: AbortSignal): RunEnding {
  return { stopped: reason instanceof Interrupted ? reason.by : undefined };
}

async function restore(
  run: Run,
  training: Training,
  { force, line }: Pick<PretrainingOptions, "force" | "line">,
): Promise<number> {
  const { checkpoint, damaged } = await run.checkpoints.latest();
  for (const { path, reason } of damaged) line.print(`damaged, passed over: ${path}: ${reason}`);
  if (checkpoint === undefined) return 0;
  training.restore(checkpoint, { force });
  line.print(`resuming after step ${checkpoint.step}`);
  return checkpoint.step;
}

/** Shows, logs and saves, until the steps or the user's patience are at their end. */
async function follow(training: Training, from: number, options: PretrainingOptions): Promise<PretrainingEnd> {
  const { run, learner, line, signal, onReport } = options;
  const { steps } = learner;
  const saveEvery = options.saveEvery ?? learner.saveEvery;
  const lookEvery = Math.max(1, Math.floor(steps / LOOKS));
  const log = await run.log({
    resumeFrom: from,
    onDamaged: ({ number }) => line.print(`metrics.jsonl: line ${number} is damaged, and passed over`),
  });
  let step = from;
  let saved = from;
  let skipped = 0;
  let watched: Watched | undefined;
  const save = async () => {
    if (saved === step) return;
    await log.flush();
    await run.checkpoints.save(await training.checkpoint());
    saved = step;
  };
  try {
    for await (const report of training) {
      step = report.step;
      skipped = report.corruptInAll;
      const isLast = step === steps;
      const looks = step === 1 || step % lookEvery === 0 || isLast;
      const seen = looks && !signal.aborted ? await learner.watch({ isLast }) : undefined;
      watched = seen ?? watched;
      await write(log, report, looks ? watched : undefined);
      if (seen?.picture !== undefined) await log.picture(step, seen.picture);
      say(line, report, looks ? watched : undefined);
      if (looks && step > steps * EARLY) sayStuck(line, report, learner.chance);
      line.show(describeReport(report, learner, watched));
      onReport?.(report);
      if (step % saveEvery === 0 || isLast) await save();
    }
    await save(); // interrupted
  } catch (error) {
    if (error instanceof TooManyCorruptError) {
      for (const { id, reason } of error.corrupt.slice(skipped)) line.print(`skipped: ${id}: ${reason}`);
      await save(); // of the last step that was accepted: with the data mended, it goes on
    }
    throw error;
  } finally {
    await log.close();
  }
  return { step, isFinished: step === steps, skipped, watched };
}

function write(log: MetricsLog, report: TrainingReport, watched: Watched | undefined): Promise<void> {
  const { step, epoch, loss, learningRate, gradientNorm, samples, samplesPerSecond, waitedForDataFraction } = report;
  const { corruptInAll, refused } = report;
  const measured = { epoch, loss, learningRate, gradientNorm, samples, samplesPerSecond, waitedForDataFraction };
  return log.append({
    step,
    ...measured,
    corrupt: corruptInAll,
    ...watched?.metrics,
    ...(refused && { refused: refused.ids }),
  });
}

/** What must not be overlooked. */
function say(line: LiveLine, report: TrainingReport, watched: Watched | undefined): void {
  for (const { id, reason } of report.corrupt) line.print(`skipped: ${id}: ${reason}`);
  if (report.refused !== undefined) {
    line.print(`step ${report.step}: the loss or its gradients are not finite; the batch was left out.`);
  }
  if (watched?.alarm !== undefined) line.print(`step ${report.step}: ${watched.alarm}`);
}

/** So near to the loss of guessing it is that loss. */
const NEAR = 0.005;

function sayStuck(line: LiveLine, { step, loss }: TrainingReport, chance: ChanceLoss | undefined): void {
  if (chance === undefined || Math.abs(loss - chance.loss) > NEAR * chance.loss) return;
  line.print(
    `step ${step}: the loss stands at ${chance.loss.toFixed(3)}, ${chance.is}, that of guessing: nothing is learned yet.`,
  );
}

function describeReport(report: TrainingReport, { steps, pace }: Learner, watched: Watched | undefined): string {
  const { step, loss, learningRate, samplesPerSecond, etaSeconds } = report;
  return describeProgress({
    step,
    steps,
    loss,
    learningRate,
    secondsLeft: etaSeconds,
    watched: watched?.shown,
    pace: { unit: pace.unit, perSecond: samplesPerSecond * pace.perSample },
  });
}
