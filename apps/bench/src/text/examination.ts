/**
 * A text encoder before labelled texts, beside their bag of words and the encoder before it learned.
 */
import { basename } from "node:path";
import { labelled } from "@autodidact/core";
import type { ClassProtocol, ClassTask, Contenders, ResultRecord } from "@autodidact/evaluate";
import type { TextEncoder } from "@autodidact/text";
import { contenderName, describeTask, type Examination, json } from "../evaluation.js";
import type { ExaminationOptions } from "../modality.js";
import { grouped } from "../progress.js";
import { type BagOfWords, bagOfWords, textNumbers } from "./bag-of-words.js";
import { openTextTask, type TextPart, type TextTask } from "./labelled-text.js";
import { sparseKnn } from "./sparse-knn.js";
import { sparseRegression } from "./sparse-regression.js";
import { textFeatures } from "./text-features.js";
import { openTrainedText, type TrainedText, untrained } from "./trained-text.js";

export async function examineText(folder: string, data: string, options: ExaminationOptions): Promise<Examination> {
  const { perClass, show, print } = options;
  const trained = await openTrainedText(folder);
  show("reading texts");
  const task = await openTextTask(data, { perClass, print });
  const bag = bagOfWords(task.train.texts, task.test.texts);
  return {
    task: describeTask("text", basename(data), task),
    subject: describeSubject(trained, basename(folder)),
    contenders: () => featuresOf(trained, task, bag, options),
    rawProtocol: (protocol) => sparse(protocol, bag),
  };
}

/** The same texts to every contender. */
async function featuresOf(
  trained: TrainedText,
  task: TextTask,
  bag: BagOfWords,
  { signal, show }: ExaminationOptions,
): Promise<Contenders<ClassTask>> {
  const { tokenizer, context } = trained;
  const classes = task.classes.length;
  const encoded = async (name: "encoder" | "randomInit", encoder: TextEncoder): Promise<ClassTask> => {
    const extract = textFeatures(encoder, { tokenizer, context });
    const of = async ({ texts, labels }: TextPart) => {
      const onProgress = (done: number) =>
        show(`features of ${contenderName(name, "text")}: ${grouped(done)} of ${grouped(texts.length)} texts`);
      return labelled(await extract(texts, { signal, onProgress }), labels, classes);
    };
    try {
      return { train: await of(task.train), test: await of(task.test) };
    } finally {
      extract.dispose();
    }
  };
  return {
    encoder: await encoded("encoder", trained.model.encoder),
    randomInit: await encoded("randomInit", untrained(trained).encoder),
    rawFeatures: {
      train: labelled(textNumbers(bag.train, 0), task.train.labels, classes),
      test: labelled(textNumbers(bag.test, bag.train.length), task.test.labels, classes),
    },
  };
}

/** The same protocol for rows that are sparse. */
function sparse({ name, settings }: ClassProtocol, bag: BagOfWords): ClassProtocol {
  if (name === "knn") return sparseKnn(bag, { k: Number(settings.k), temperature: Number(settings.temperature) });
  return sparseRegression(bag, { l2: settings.l2 as number[] });
}

export function describeSubject(
  { settings, model, weights, step }: TrainedText,
  name: string,
): ResultRecord["subject"] {
  return {
    method: settings?.method ?? name,
    encoder: json(model.config),
    weights,
    step,
    seeds: [settings?.seed ?? 0],
    pretraining:
      settings === undefined
        ? {}
        : json({ ...settings, data: { ...settings.data, path: basename(settings.data.path) } }),
  };
}
