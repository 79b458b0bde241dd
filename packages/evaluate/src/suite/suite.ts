/**
 * What a benchmark is made of, as files say it: encoders × tasks. A task is data and a protocol, with a version that its owner raises when it changes.
 */
import { poolings, UsageError } from "@autodidact/core";
import { z } from "zod";
import { modality } from "../record/schema.js";

const name = z.string().trim().min(1).max(200);

const groups = z.strictObject({
  /** A CSV or TSV table with a line of names. */
  file: z.string().min(1),
  /** Its column that names test examples: their paths, of texts the texts themselves. */
  id: z.string().min(1),
  /** Its columns of groups: speaker, colour, topic. */
  columns: z.array(z.string().min(1)).min(1),
});

export const taskSchema = z.strictObject({
  name,
  /** Raised when the task is no longer the same; scores of different versions are never compared. */
  version: z.int().nonnegative().default(1),
  modality,
  /** A folder, an archive, or a table of paths and labels. */
  data: z.string().min(1),
  /** As `autodidact evaluate --protocol` takes it: linear, knn, …. */
  protocol: z.string().min(1),
  /** Options of the protocol and of reading the data, as `autodidact evaluate` has them, in camel case: `{ "labelColumn": "kind" }`. */
  options: z.record(z.string(), z.json()).default({}),
  /** Label efficiency: a result for each share of the training labels, above 0, at most 1. Drawn subsets are nested. */
  labelShares: z.array(z.number().gt(0).max(1)).min(1).optional(),
  /** A result for each so many labels of a class: 8-shot. */
  labelsPerClass: z.array(z.int().min(1)).min(1).optional(),
  /** How many heads, or draws of labels: five where labels are drawn, unless told. */
  seeds: z.int().min(1).optional(),
  /** Of splits and draws. */
  seed: z.int().nonnegative().default(0),
  groups: groups.optional(),
  /** The score at which the scale of all tasks has its 1: a published one. Of shares 1, or 0 where lower is better, unless told. */
  reference: z.number().optional(),
});

/** What the files of somebody else's encoder may leave unclear. */
export const foreignSchema = z.strictObject({
  /** By what lies beside it: preprocessor_config.json, tokenizer.json; unless told. */
  modality: modality.optional(),
  /** Of the folder's `onnx/`, where another than model.onnx is meant: "model_quantized.onnx". */
  file: z
    .string()
    .regex(/^[^/\\]+\.onnx$/, "a name that ends in .onnx")
    .optional(),
  /** Height and width of images, in pixels. */
  size: z.int().min(1).optional(),
  /** Of pixels from 0 to 1, a number a channel. */
  mean: z.array(z.number()).min(1).optional(),
  std: z.array(z.number().positive()).min(1).optional(),
  /** Hz, of recordings. */
  sampleRate: z.int().min(1).optional(),
  /** Whether recordings are brought to a mean of 0 and a deviation of 1. */
  normalize: z.boolean().optional(),
  /** Of texts. */
  maxTokens: z.int().min(1).optional(),
  /** The output that holds the features. */
  output: z.string().min(1).optional(),
  pooling: z.enum(poolings).optional(),
});

const encoder = z.strictObject({
  name,
  /** A run, a folder of Hugging Face's, an encoder's; a file of ONNX, a folder with `onnx/`, or a hub's id: `hf:owner/name`. */
  folder: z.string().min(1),
  onnx: foreignSchema.optional(),
});

export const suiteSchema = z.strictObject({
  schema: z.literal("autodidact.suite/1"),
  name: name.optional(),
  /** A folder alone is called by its path. */
  encoders: z.array(z.union([z.string().min(1), encoder])).min(1),
  /** A task, or the path of a JSON file that holds one. */
  tasks: z.array(z.union([z.string().min(1), taskSchema])).min(1),
});

export type Suite = z.infer<typeof suiteSchema>;
export type SuiteTask = z.infer<typeof taskSchema>;
export type SuiteEncoder = z.infer<typeof encoder>;
export type ForeignSettings = z.infer<typeof foreignSchema>;

/** `from` is the file, for errors. */
export function parseSuite(text: string, from: string): Suite {
  const value = parseJson(text, from, "a suite");
  const { tasks } = (value ?? {}) as { readonly tasks?: unknown };
  for (const [place, task] of Array.isArray(tasks) ? tasks.entries() : [])
    if (typeof task === "object") checked(taskSchema, task, `tasks[${place}] of ${from}`, "a task"); // a union's error would name no place
  return checked(suiteSchema, value, from, "a suite");
}

/** A task from a file of its own. */
export function parseTask(text: string, from: string): SuiteTask {
  return checked(taskSchema, parseJson(text, from, "a task"), from, "a task");
}

function parseJson(text: string, from: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${from} must be ${what} in JSON: ${(error as Error).message}.`);
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, from: string, what: string): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new UsageError(`${from} is not ${what}:\n${z.prettifyError(outcome.error)}`);
}

/** Two of one name could not be told apart in any table. */
export function assertOneOfEach(names: readonly string[], what: string, from: string): void {
  const twice = names.find((own, place) => names.indexOf(own) !== place);
  if (twice !== undefined)
    throw new UsageError(`${from} names two ${what} ${JSON.stringify(twice)}. Give each a name of its own.`);
}
