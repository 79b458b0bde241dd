/**
 * One pretraining run, from its folder's config.json to its encoder: the caller of the training generator.
 */
import {
  cached,
  type EngineDescription,
  loader,
  type MetricsLog,
  type Run,
  saveEncoder,
  type Training,
  type TrainingReport,
  train,
} from "@autodidact/core";
import type { Augment } from "@autodidact/vision";
import { type CollapseWatch, collapseWatch, isCollapsed, type Spread } from "./collapse-watch.js";
import type { LiveLine } from "./live-line.js";
import { openPretrainData } from "./pretrain-data.js";
import type { PretrainSettings } from "./pretrain-settings.js";
import { type PretrainingParts, pretrainingParts, scheduleOf } from "./pretraining-parts.js";
import { describeProgress } from "./progress.js";

export interface PretrainingOptions {
  readonly run: Run;
  readonly settings: PretrainSettings;
  /** Where the data is now, if it has moved since the run began. */
  readonly dataPath?: string | undefined;
  readonly engine: EngineDescription;
  /** In steps; an epoch unless told. */
  readonly saveEvery?: number | undefined;
  /** Resumes in spite of other data, another engine or another version. */
  readonly force?: boolean | undefined;
  readonly line: LiveLine;
  readonly signal: AbortSignal;
}

export interface PretrainingEnd {
  readonly step: number;
  readonly isFinished: boolean;
}

/** So often the features' spread is measured in a run. */
const LOOKS = 20;

export async function pretrain(options: PretrainingOptions): Promise<PretrainingEnd> {
  const { run, settings, dataPath, engine, force, line, signal } = options;
  const parts = pretrainingParts(settings);
  const { method, optimizer, augment, random } = parts;
  const dataset = cached(await openPretrainData({ ...settings.data, path: dataPath ?? settings.data.path }));
  const batches = loader(dataset, { batchSize: settings.batchSize, random: random.split("data") });
  const training = train({
    method,
    loader: batches,
    optimizer,
    learningRate: scheduleOf(settings),
    steps: settings.steps,
    random,
    signal,
    identity: {
      config: run.configHash,
      engine: engine.name,
      provider: engine.provider,
      kernels: engine.kernels && "path" in engine.kernels ? "used" : "none", // they round otherwise
    },
  });
  const watch = collapseWatch(method.encoder, {
    dataset,
    statistics: augment.statistics,
    batchSize: settings.batchSize,
    random: random.split("collapse watch"),
  });
  try {
    const from = await restore(run, training, { force, line });
    const step = await follow(training, from, {
      ...options,
      parts,
      watch,
      saveEvery: options.saveEvery ?? batches.batchesPerEpoch,
    });
    const isFinished = step === settings.steps;
    if (isFinished) await saveEncoder(method.encoder, run.encoderFolder, { json: preprocessorOf(augment) });
    return { step, isFinished };
  } finally {
    watch.dispose();
    training.dispose();
  }
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

interface Following extends PretrainingOptions {
  readonly parts: PretrainingParts;
  readonly watch: CollapseWatch;
  readonly saveEvery: number;
}

/** Shows, logs and saves, until the steps or the user's patience are at their end. Returns the step that was saved last. */
async function follow(training: Training, from: number, following: Following): Promise<number> {
  const { run, settings, watch, saveEvery, line, signal } = following;
  const lookEvery = Math.max(1, Math.floor(settings.steps / LOOKS));
  const log = await run.log({ resumeFrom: from });
  let step = from;
  let saved = from;
  let spread: Spread | undefined;
  const save = async () => {
    if (saved === step) return;
    await log.flush();
    await run.checkpoints.save(await training.checkpoint());
    saved = step;
  };
  try {
    for await (const report of training) {
      step = report.step;
      const isLast = step === settings.steps;
      const looks = step === 1 || step % lookEvery === 0 || isLast;
      if (looks && !signal.aborted) spread = (await watch()) ?? spread;
      await write(log, report, looks ? spread : undefined);
      say(line, report, following.parts.method.encoder.featureSize, looks ? spread : undefined);
      line.show(describeReport(report, settings, spread));
      if (step % saveEvery === 0 || isLast) await save();
    }
    await save(); // interrupted
  } finally {
    await log.close();
  }
  return step;
}

function write(log: MetricsLog, report: TrainingReport, spread: Spread | undefined): Promise<void> {
  const { step, epoch, loss, learningRate, gradientNorm, samples, samplesPerSecond, waitedForDataFraction } = report;
  const { corruptInAll, refused } = report;
  const measured = { epoch, loss, learningRate, gradientNorm, samples, samplesPerSecond, waitedForDataFraction };
  return log.append({ step, ...measured, corrupt: corruptInAll, ...spread, ...(refused && { refused: refused.ids }) });
}

/** What must not be overlooked. */
function say(line: LiveLine, report: TrainingReport, featureSize: number, spread: Spread | undefined): void {
  for (const { id, reason } of report.corrupt) line.print(`skipped: ${id}: ${reason}`);
  if (report.refused !== undefined) {
    line.print(`step ${report.step}: the loss or its gradients are not finite; the batch was left out.`);
  }
  if (spread !== undefined && isCollapsed(spread, featureSize)) {
    const { effectiveRank, embeddingStandardDeviation } = spread;
    line.print(
      `step ${report.step}: the features are collapsing (effective rank ${effectiveRank.toFixed(2)}, deviation ${embeddingStandardDeviation.toExponential(1)}): all images look alike to the encoder.`,
    );
  }
}

function describeReport(report: TrainingReport, { steps }: PretrainSettings, spread: Spread | undefined): string {
  const { step, loss, learningRate, samplesPerSecond: imagesPerSecond, etaSeconds: secondsLeft } = report;
  return describeProgress({
    ...{ step, steps, loss, learningRate, imagesPerSecond, secondsLeft },
    effectiveRank: spread?.effectiveRank,
  });
}

/** As Hugging Face's image processors read it. */
function preprocessorOf({ size, statistics }: Augment): Record<string, unknown> {
  return {
    "preprocessor_config.json": {
      image_processor_type: "ViTImageProcessor",
      do_resize: true,
      size: { height: size, width: size },
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: statistics.mean,
      image_std: statistics.std,
    },
  };
}
