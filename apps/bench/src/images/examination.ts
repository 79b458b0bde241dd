/**
 * A run's encoder before labelled images, beside raw pixels and the encoder before it learned.
 */
import { basename } from "node:path";
import { featureExtractor, labelled } from "@autodidact/core";
import type { ClassTask, Contenders, ResultRecord } from "@autodidact/evaluate";
import { type Image, stackImages } from "@autodidact/vision";
import { contenderName, describeTask, type Examination, json } from "../evaluation.js";
import type { ExaminationOptions } from "../modality.js";
import { type LabelledImages, openTask, rawPixels, type Task } from "./labelled-images.js";
import { standardised } from "./standardised-encoder.js";
import { openTrainedRun, type TrainedRun } from "./trained-run.js";

export interface ImageExaminationOptions extends ExaminationOptions {
  /** What the record calls the data; the path's last part unless told. */
  readonly name?: string;
  readonly batchSize?: number;
}

export async function examineImages(
  folder: string,
  data: string,
  options: ImageExaminationOptions,
): Promise<Examination> {
  const { perClass, name = basename(data), signal, show, print } = options;
  const run = await openTrainedRun(folder);
  const { size, channels } = run.settings.data;
  show("reading images");
  const task = await openTask(data, { size, channels, perClass, say: print, signal });
  return {
    task: describeTask("image", name, task),
    subject: describeSubject(run),
    contenders: () => featuresOf(run, task, options),
  };
}

/** The same images to every contender. */
async function featuresOf(
  run: TrainedRun,
  task: Task,
  { batchSize, signal, show }: ImageExaminationOptions,
): Promise<Contenders<ClassTask>> {
  const contender = async (
    features: (images: readonly Image[]) => Promise<Parameters<typeof labelled>[0]>,
  ): Promise<ClassTask> => {
    const of = async ({ images, labels }: LabelledImages) =>
      labelled(await features(images), labels, task.classes.length);
    return { train: await of(task.train), test: await of(task.test) };
  };
  const encoded = async (name: "encoder" | "randomInit"): Promise<ClassTask> => {
    show(`features of ${contenderName(name, "image")}`);
    const extract = featureExtractor(standardised(run[name], run.statistics), { toInput: stackImages, batchSize });
    return contender((images) => extract(images, signal)).finally(() => extract.dispose());
  };
  return {
    encoder: await encoded("encoder"),
    randomInit: await encoded("randomInit"),
    rawFeatures: await contender(async (images) => rawPixels(images)),
  };
}

function describeSubject({ settings, encoder, weights, step }: TrainedRun): ResultRecord["subject"] {
  return {
    method: settings.method,
    encoder: json(encoder.config),
    weights,
    step,
    seeds: [settings.seed],
    pretraining: json({ ...settings, data: { ...settings.data, path: basename(settings.data.path) } }),
  };
}
