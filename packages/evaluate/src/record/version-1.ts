/**
 * Records of version 1: the accuracy of a probe, always beside two baselines. They are read, and never written anew: what was lifted to
 * version 2 goes back to the text that it came from.
 */
import { z } from "zod";
import {
  cost,
  count,
  environment,
  hash,
  modality,
  part,
  protocol,
  type ResultRecord,
  type Score,
  type Scores,
  subject,
} from "./schema.js";

const share = z.number().min(0).max(1);

const score = z.strictObject({
  metric: z.literal("accuracy"),
  value: share,
  interval: z.tuple([share, share]),
  deviation: z.number().nonnegative().nullable(),
  seeds: z.array(z.int()).min(1),
  values: z.array(share).min(1),
  chosen: z.array(z.record(z.string(), z.number())),
});

export const version1 = z.strictObject({
  schema: z.literal("autodidact.result/1"),
  id: hash,
  task: z.strictObject({
    name: z.string().min(1),
    version: count,
    modality,
    classes: z.array(z.string()).min(2),
    train: part,
    test: part,
  }),
  subject,
  protocol,
  score,
  chance: share,
  baselines: z.strictObject({ rawFeatures: score, randomInit: score, fromScratch: score.nullable() }),
  cost,
  environment,
  createdAt: z.iso.datetime(),
});

type Score1 = z.infer<typeof score>;
type Version1 = z.infer<typeof version1>;

/** The record as version 2 says it; the id stays. */
export function lift({ schema: _, score, chance, baselines, ...same }: Version1): ResultRecord {
  const { rawFeatures, randomInit, fromScratch } = baselines;
  const lifted = (old: Score1): Scores => [
    { ...old, metric: { name: "accuracy", better: "higher", unit: "share" }, chance },
  ];
  return {
    ...same,
    schema: "autodidact.result/2",
    kind: "classes",
    scores: lifted(score),
    baselines: {
      rawFeatures: lifted(rawFeatures),
      randomInit: lifted(randomInit),
      fromScratch: fromScratch === null ? null : lifted(fromScratch),
    },
  };
}

/** What `lift` was given; undefined where version 1 could not have said it. */
export function lower({ schema: _, kind: __, scores, baselines, ...same }: ResultRecord): Version1 | undefined {
  const lowered = (all: Scores | null) => (all === null ? null : score1(all[0]));
  const old = version1.safeParse({
    ...same,
    schema: "autodidact.result/1",
    score: lowered(scores),
    chance: scores[0].chance,
    baselines: {
      rawFeatures: lowered(baselines.rawFeatures),
      randomInit: lowered(baselines.randomInit),
      fromScratch: lowered(baselines.fromScratch),
    },
  });
  return old.success ? old.data : undefined;
}

const score1 = ({ metric, chance: _, ...same }: Score) => ({ ...same, metric: metric.name });
