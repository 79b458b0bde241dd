/**
 * What a run's encoder is worth on a labelled task, beside raw pixels and itself before it learned: one record a question.
 */
import { basename } from "node:path";
import { createRandom, type EngineDescription } from "@autodidact/core";
import {
  type Contender,
  type Contenders,
  chanceAccuracy,
  compare,
  featureExtractor,
  labelled,
  type Protocol,
  type ResultRecord,
  resultRecord,
} from "@autodidact/evaluate";
import { type Image, stackImages } from "@autodidact/vision";
import { describeEnvironment, meter } from "./environment.js";
import { type LabelledImages, rawPixels, type Task } from "./labelled-images.js";
import { standardised } from "./standardised-encoder.js";
import type { TrainedRun } from "./trained-run.js";

export interface Question {
  readonly protocol: Protocol;
  /** All labels unless told. */
  readonly labelsPerClass?: number | undefined;
  /** Of heads and drawn labels. */
  readonly seeds?: readonly number[] | undefined;
}

export interface EvaluationOptions {
  readonly run: TrainedRun;
  readonly task: Task;
  readonly taskPath: string;
  readonly questions: readonly Question[];
  readonly engine: EngineDescription;
  readonly seed: number;
  readonly batchSize?: number;
  readonly signal: AbortSignal;
  /** What is being done now. */
  say(text: string): void;
}

const CONTENDER_NAMES = { encoder: "the trained encoder", rawFeatures: "raw pixels", randomInit: "the random init" };

/** The record of each question, as soon as it is answered. */
export async function* evaluate(options: EvaluationOptions): AsyncGenerator<ResultRecord, void> {
  const { run, task, taskPath, questions, engine, seed, signal, say } = options;
  const cost = meter();
  const contenders = await featuresOf(options);
  const { train, test } = contenders.encoder;
  for (const { protocol, labelsPerClass, seeds } of questions) {
    const { encoder, ...baselines } = await compare(
      protocol,
      contenders,
      { random: createRandom(seed), seeds, labelsPerClass, signal },
      (name) =>
        say(`${protocol.name}${labelsPerClass ? `, ${labelsPerClass} labels a class` : ""}: ${CONTENDER_NAMES[name]}`),
    );
    yield resultRecord({
      task: describeTask(task, taskPath),
      subject: {
        method: run.settings.method,
        encoder: json(run.encoder.config),
        weights: run.weights,
        step: run.step,
        seeds: [run.settings.seed],
        pretraining: json({ ...run.settings, data: { ...run.settings.data, path: basename(run.settings.data.path) } }),
      },
      protocol: {
        name: protocol.name,
        version: protocol.version,
        settings: json(protocol.settings),
        labelsPerClass: labelsPerClass ?? null,
      },
      score: encoder,
      chance: chanceAccuracy(train, test),
      baselines: { ...baselines, fromScratch: null },
      cost: cost(),
      environment: describeEnvironment(engine),
      createdAt: new Date().toISOString(),
    });
  }
}

/** The same images to every contender. */
async function featuresOf({ run, task, batchSize, signal, say }: EvaluationOptions): Promise<Contenders> {
  const contender = async (
    features: (images: readonly Image[]) => Promise<Parameters<typeof labelled>[0]>,
  ): Promise<Contender> => {
    const of = async ({ images, labels }: LabelledImages) =>
      labelled(await features(images), labels, task.classes.length);
    return { train: await of(task.train), test: await of(task.test) };
  };
  const encoded = async (name: "encoder" | "randomInit"): Promise<Contender> => {
    say(`features of ${CONTENDER_NAMES[name]}`);
    const extract = featureExtractor(standardised(run[name], run.statistics), { toInput: stackImages, batchSize });
    return contender((images) => extract(images, signal)).finally(() => extract.dispose());
  };
  return {
    encoder: await encoded("encoder"),
    randomInit: await encoded("randomInit"),
    rawFeatures: await contender(async (images) => rawPixels(images)),
  };
}

function describeTask(task: Task, path: string): ResultRecord["task"] {
  return {
    name: task.isTestHeldOut ? `${basename(path)}, a fifth held out` : basename(path),
    version: 1,
    modality: "image",
    classes: [...task.classes],
    train: { examples: task.train.images.length, hash: task.train.hash },
    test: { examples: task.test.images.length, hash: task.test.hash },
  };
}

/** Plain JSON, as the record holds it. */
const json = (value: object) => JSON.parse(JSON.stringify(value)) as ResultRecord["subject"]["pretraining"];
