/**
 * Of whom on what, where, when and at what cost: what a record says beside its scores.
 */
import { basename } from "node:path";
import {
  contentHash,
  describeEnvironment,
  type Encoder,
  type EngineDescription,
  type LabelledData,
  meter,
  type RunConfig,
} from "@autodidact/core";
import type { Circumstances } from "./results.js";
import type { Cost, ResultBody } from "./schema.js";

/** What the model costs, beside time and memory. */
export interface ModelCost extends Pick<Cost, "parameters" | "cachedFeatures"> {
  readonly flops: Cost["flops"];
  readonly missing?: Cost["missing"];
}

/** Call it at the start; what it gives tells where, when and at what cost so far. */
export function circumstancesOf(
  engine: EngineDescription,
): (model?: ModelCost) => Pick<Circumstances, "cost" | "environment" | "createdAt"> {
  const sofar = meter();
  return ({ missing: ofModel, ...model } = NOT_COUNTED) => {
    const { missing: ofMeter, ...metered } = sofar();
    const missing = { ...ofModel, ...ofMeter };
    const cost = { ...metered, ...model, ...(Object.keys(missing).length > 0 && { missing }) };
    return { cost, environment: describeEnvironment(engine), createdAt: new Date().toISOString() };
  };
}

/** Why there are no FLOPs where nobody counted. */
export const UNCOUNTED = "what was measured came without a count";
const NOT_COUNTED: ModelCost = { flops: null, missing: { flops: UNCOUNTED } };

/** A task of labelled data; `name` is what the data is called. */
export function describeTask(
  modality: ResultBody["task"]["modality"],
  name: string,
  { classes, train, test, isTestHeldOut }: LabelledData<unknown>,
): ResultBody["task"] {
  return {
    name: isTestHeldOut ? `${name}, a fifth held out` : name,
    version: 1,
    modality,
    classes: [...classes],
    train: { examples: train.labels.length, hash: train.hash },
    test: { examples: test.labels.length, hash: test.hash },
  };
}

interface Questions<Question> {
  readonly train: readonly Question[];
  readonly test: readonly Question[];
  readonly isTestHeldOut: boolean;
}

/** A task of questions on texts. */
export function describeQuestions<Question>(
  name: string,
  { train, test, isTestHeldOut }: Questions<Question>,
): ResultBody["task"] {
  const part = (some: readonly Question[]) => ({
    examples: some.length,
    hash: contentHash(some.map((question) => JSON.stringify(question))),
  });
  return {
    name: isTestHeldOut ? `${name}, every fifth context held out` : name,
    version: 1,
    modality: "text",
    classes: null,
    train: part(train),
    test: part(test),
  };
}

interface Sentences extends Questions<unknown> {
  /** The types of entities, or the labels; null where the answers are no classes. */
  readonly classes: readonly string[] | null;
  /** What of it was held out, in words, where no test part was told: "every fifth sentence". */
  readonly heldOut?: string | undefined;
}

/** A task of sentences: labels of their tokens, or their translations. */
export function describeSentences(
  name: string,
  { classes, train, test, isTestHeldOut, heldOut = "a fifth" }: Sentences,
): ResultBody["task"] {
  const task = describeQuestions(name, { train, test, isTestHeldOut });
  return {
    ...task,
    name: isTestHeldOut ? `${name}, ${heldOut} held out` : name,
    classes: classes === null ? null : [...classes],
  };
}

/** A task of masks or boxes of images. */
export function describeDense(
  name: string,
  data: {
    readonly classes: readonly string[];
    readonly train: Counted;
    readonly test: Counted;
    readonly isTestHeldOut: boolean;
  },
): ResultBody["task"] {
  const part = ({ examples, hash }: Counted) => ({ examples: examples.length, hash });
  return {
    name: data.isTestHeldOut ? `${name}, a fifth held out` : name,
    version: 1,
    modality: "image",
    classes: [...data.classes],
    train: part(data.train),
    test: part(data.test),
  };
}

interface Counted {
  readonly examples: readonly unknown[];
  readonly hash: string;
}

/** What loading a trained encoder gives: `loadImageEncoder`, `loadTextEncoder`. */
export interface Trained {
  readonly weights: string;
  readonly step: number;
  readonly seed: number;
  /** The run's config.json; undefined of a folder that is no run. */
  readonly config: RunConfig | undefined;
}

/** `encoder` is its own config. A folder that is no run is called by its name; of the run's data only the name is kept, not the path. */
export function describeSubject(
  { weights, step, seed, config }: Trained,
  encoder: Encoder["config"],
  folder: string,
): ResultBody["subject"] {
  const data = config?.data as { path: string } | undefined;
  return {
    method: typeof config?.method === "string" ? config.method : basename(folder),
    encoder: plain(encoder),
    weights,
    step,
    seeds: [seed],
    pretraining: plain({ ...config, ...(data && { data: { ...data, path: basename(data.path) } }) }),
  };
}

/** As JSON holds it. */
const plain = (value: object) => JSON.parse(JSON.stringify(value)) as ResultBody["subject"]["pretraining"];
