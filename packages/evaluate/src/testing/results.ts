/** A small result for tests of records. */
import type { ResultBody, Score } from "../record/schema.js";

export const score: Score = {
  metric: { name: "accuracy", better: "higher", unit: "share" },
  value: 0.9,
  interval: [0.88, 0.92],
  deviation: null,
  seeds: [0],
  values: [0.9],
  chosen: [{ l2: 0.001 }],
  chance: 0.5,
};

const hash = `sha256:${"0".repeat(64)}`;

export const circumstances = {
  task: {
    name: "mnist",
    version: 1,
    modality: "image",
    classes: ["0", "1"],
    train: { examples: 10, hash },
    test: { examples: 5, hash },
  },
  subject: {
    method: "simclr",
    encoder: { model_type: "resnet", hidden_sizes: [16, 32] },
    weights: hash,
    step: 100,
    seeds: [0],
    pretraining: { lr: 0.12 },
  },
  cost: { wallSeconds: 1.5, peakMemoryBytes: 1e9, flops: null, energy: null },
  environment: {
    engine: "cpu",
    provider: null,
    threads: 1,
    platform: "linux x64",
    processor: "unknown",
    versions: { node: "20.20.0" },
  },
  createdAt: "2026-11-22T16:00:00.000Z",
} satisfies Partial<ResultBody>;

export const result: Omit<ResultBody, "schema"> = {
  ...circumstances,
  kind: "classes",
  protocol: { name: "linear", version: 1, settings: { solver: "lbfgs" }, labelsPerClass: null },
  scores: [score],
  baselines: { rawFeatures: [score], randomInit: [score], fromScratch: null },
};
