/**
 * What a record may hold, version 2: any kind of answer, any metric.
 */
import { z } from "zod";

export const count = z.int().nonnegative();
export const settings = z.record(z.string(), z.json());
export const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/, "a hash reads sha256: and 64 hexadecimal digits");
/** Examples and the hash of their contents, in order. */
export const part = z.strictObject({ examples: count, hash });

const metric = z.strictObject({
  name: z.string().min(1),
  better: z.enum(["higher", "lower"]),
  /** `share` is from 0 to 1. */
  unit: z.string().min(1),
});

const fraction = z.number().min(0).max(1);
/** Of one class; `learnedFrom` and `examples` are its training and test examples, of masks their pixels, of labelled tokens entities or tokens. */
const classScore = z.strictObject({
  learnedFrom: count,
  examples: count,
  precision: fraction,
  recall: fraction,
  f1: fraction,
  iou: fraction.optional(),
});

const score = z
  .strictObject({
    metric,
    /** The mean over seeds. */
    value: z.number(),
    /** 95 %, bootstrapped over test examples; null where those are not told apart. */
    interval: z.tuple([z.number(), z.number()]).nullable(),
    /** The deviation between seeds of heads; null with one seed. */
    deviation: z.number().nonnegative().nullable(),
    /** The seeds of heads, or of fine-tuning. */
    seeds: z.array(z.int()).min(1),
    /** One a seed. */
    values: z.array(z.number()).min(1),
    /** What each seed's validation chose. */
    chosen: z.array(z.record(z.string(), z.number())),
    /** What is reached without looking; null where that says nothing. */
    chance: z.number().nullable(),
    /** One a class, in the task's order, where classes add up to the metric. */
    perClass: z.array(classScore).optional(),
  })
  .superRefine((score, context) => {
    if (score.values.length !== score.seeds.length) {
      context.addIssue({ code: "custom", path: ["values"], message: "there must be one value a seed" });
    }
    if (score.metric.unit !== "share") return;
    for (const key of ["value", "interval", "values", "chance"] as const) {
      if ([score[key]].flat().every((number) => number === null || (number >= 0 && number <= 1))) continue;
      context.addIssue({ code: "custom", path: [key], message: "a share must be from 0 to 1" });
    }
  });

/** The headline, then others, each metric once. */
const scores = z
  .tuple([score], score)
  .refine((all) => new Set(all.map(({ metric }) => metric.name)).size === all.length, {
    error: "each metric may have one score",
  });

export const cost = z.strictObject({
  wallSeconds: z.number().nonnegative(),
  /** Of all threads of the process. Absent of older records. */
  cpuSeconds: z.number().nonnegative().optional(),
  peakMemoryBytes: count,
  /** Of one example through the encoder, forward, the mean over the test part: 2 a multiply-add, 1 an element of all else; null where not counted. */
  flops: z.number().nonnegative().nullable(),
  /** Of the encoder: numbers that an optimizer may update. Absent of older records. */
  parameters: count.nullable().optional(),
  /** Of the whole machine meanwhile. */
  energy: z.strictObject({ joules: z.number().nonnegative(), source: z.string() }).nullable(),
  /** Features were read that an earlier evaluation had made: time and energy are without making them. */
  cachedFeatures: z.boolean().optional(),
  /** Why a number is null. */
  missing: z.partialRecord(z.enum(["flops", "parameters", "energy"]), z.string()).optional(),
});

/** What the encoder's features of the test part tell without labels. */
export const labelFree = z.strictObject({
  /** Rows that were measured: all, or some drawn of many. */
  examples: count,
  /** Effective rank, from 1 to the smaller of examples and features. */
  rankMe: z.number().nonnegative().nullable(),
  /** The exponent by which the spectrum falls. */
  alphaReq: z.number().nullable(),
  /** Of rows of length 1: 0 is one point, lower is more even. */
  uniformity: z.number().nullable(),
  /** Why a number is null. */
  missing: z.partialRecord(z.enum(["rankMe", "alphaReq", "uniformity"]), z.string()).optional(),
});

export const environment = z.strictObject({
  engine: z.string().min(1),
  provider: z.string().nullable(),
  threads: count.nullable(),
  platform: z.string(),
  processor: z.string(),
  versions: z.record(z.string(), z.string()),
});

export const subject = z.strictObject({
  method: z.string().min(1),
  encoder: settings,
  /** The hash of the weights file. */
  weights: hash,
  /** Updates made in pretraining. */
  step: count,
  /** The seeds of pretraining. */
  seeds: z.array(z.int()).min(1),
  /** The pretraining run's own settings, as it wrote them. */
  pretraining: settings,
});

export const protocol = z.strictObject({
  name: z.string().min(1),
  version: count,
  settings,
  /** null: all labels, or none are needed. */
  labelsPerClass: count.nullable(),
});

export const modality = z.enum(["image", "text", "speech"]);

export const body = z.strictObject({
  schema: z.literal("autodidact.result/2"),
  /** The kind of the answers. */
  kind: z.enum(["classes", "tokens", "spans", "pairs", "sequences", "labels", "dense", "boxes"]),
  task: z.strictObject({
    name: z.string().min(1),
    version: count,
    modality,
    /** null where the answers are no classes. */
    classes: z.array(z.string()).min(1).nullable(),
    /** null where nothing is learned from examples of the task. */
    train: part.nullable(),
    test: part,
  }),
  subject,
  protocol,
  scores,
  /** The same metrics, or those of them that a baseline can have; null where it was not measured. */
  baselines: z.strictObject({
    /** Pixels, bag of words, log-mel statistics; of predicted tokens, their frequencies alone. */
    rawFeatures: scores.nullable(),
    /** The same architecture, not trained. */
    randomInit: scores.nullable(),
    /** The same architecture, trained on the same labels alone. */
    fromScratch: scores.nullable(),
  }),
  cost,
  /** Absent where no features of examples are made, and of older records. */
  labelFree: labelFree.optional(),
  environment,
  createdAt: z.iso.datetime(),
});

export const resultRecordSchema = body.extend({ id: hash });

export type Score = z.infer<typeof score>;
export type Scores = z.infer<typeof scores>;
export type Cost = z.infer<typeof cost>;
export type LabelFree = z.infer<typeof labelFree>;
export type ResultBody = z.infer<typeof body>;
export type ResultRecord = z.infer<typeof resultRecordSchema>;

export function checkedBy<T>(schema: z.ZodType<T>, value: unknown, who: string, what = "a result record"): T {
  const outcome = schema.safeParse(value);
  if (!outcome.success) throw new TypeError(`${who}: not ${what}.\n${z.prettifyError(outcome.error)}`);
  return outcome.data;
}
