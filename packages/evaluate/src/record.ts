/**
 * One result as one self-contained JSON record, addressed by its content: what was measured, on what, by which
 * protocol, with which score beside which baselines, at what cost, where.
 */
import { createHash } from "node:crypto";
import { z } from "zod";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const settings = z.record(z.string(), z.json());
const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/, "a hash reads sha256: and 64 hexadecimal digits");

const score = z.strictObject({
  metric: z.literal("accuracy"),
  /** The mean over seeds. */
  value: share,
  /** 95 %, bootstrapped over test examples. */
  interval: z.tuple([share, share]),
  /** Between seeds of heads; null with one seed. */
  deviation: z.number().nonnegative().nullable(),
  /** Of heads. */
  seeds: z.array(z.int()).min(1),
  values: z.array(share).min(1),
  /** What each seed's validation chose. */
  chosen: z.array(z.record(z.string(), z.number())),
});

const body = z.strictObject({
  schema: z.literal("autodidact.result/1"),
  task: z.strictObject({
    name: z.string().min(1),
    version: count,
    modality: z.enum(["image", "text", "speech"]),
    classes: z.array(z.string()).min(2),
    /** Examples and the hash of their contents, in order. */
    train: z.strictObject({ examples: count, hash }),
    test: z.strictObject({ examples: count, hash }),
  }),
  subject: z.strictObject({
    method: z.string().min(1),
    encoder: settings,
    /** Of the weights file. */
    weights: hash,
    /** Updates made in pretraining. */
    step: count,
    /** Of pretraining. */
    seeds: z.array(z.int()).min(1),
    /** The pretraining run's own settings, as it wrote them. */
    pretraining: settings,
  }),
  protocol: z.strictObject({
    name: z.string().min(1),
    version: count,
    settings,
    /** null: all labels. */
    labelsPerClass: count.nullable(),
  }),
  score,
  chance: share,
  baselines: z.strictObject({
    rawFeatures: score,
    randomInit: score,
    /** The same architecture trained on the same labels; null where not measured. */
    fromScratch: score.nullable(),
  }),
  cost: z.strictObject({
    wallSeconds: z.number().nonnegative(),
    peakMemoryBytes: count,
    /** null where not counted. */
    flops: z.number().nonnegative().nullable(),
    energy: z.strictObject({ joules: z.number().nonnegative(), source: z.string() }).nullable(),
  }),
  environment: z.strictObject({
    engine: z.string().min(1),
    provider: z.string().nullable(),
    threads: count.nullable(),
    platform: z.string(),
    processor: z.string(),
    versions: z.record(z.string(), z.string()),
  }),
  createdAt: z.iso.datetime(),
});

export const resultRecordSchema = body.extend({ id: hash });

export type Score = z.infer<typeof score>;
export type ResultRecord = z.infer<typeof resultRecordSchema>;
export type ResultBody = z.infer<typeof body>;

/** Checks a result and addresses it: the id is the hash of everything else. */
export function resultRecord(result: Omit<ResultBody, "schema">): ResultRecord {
  const checked = checkedBy(body, { schema: "autodidact.result/1", ...result }, "resultRecord");
  return { ...checked, id: contentHash(checked) };
}

/** One line of JSON, keys in order: the same record is the same text. */
export function formatRecord(record: ResultRecord): string {
  return canonicalJson(record);
}

/** Reads what `formatRecord` wrote; refuses a record that was changed afterwards. */
export function parseRecord(text: string): ResultRecord {
  const record = checkedBy(resultRecordSchema, JSON.parse(text), "parseRecord");
  const { id, ...rest } = record;
  const actual = contentHash(rest);
  if (id !== actual) {
    throw new Error(
      `parseRecord: the record must have the id of its content, ${actual}, got ${id}. It was changed after it was written: measure again.`,
    );
  }
  return record;
}

/** JSON with sorted keys and without spaces. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function contentHash(result: ResultBody): string {
  return `sha256:${createHash("sha256").update(canonicalJson(result)).digest("hex")}`;
}

function checkedBy<T>(schema: z.ZodType<T>, value: unknown, who: string): T {
  const outcome = schema.safeParse(value);
  if (!outcome.success) throw new TypeError(`${who}: not a result record.\n${z.prettifyError(outcome.error)}`);
  return outcome.data;
}
