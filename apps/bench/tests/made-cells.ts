/** Cells of a store as they would come of running a suite, made without one. */
import { type CellRecord, cellRecord, type ResultRecord, resultRecord } from "@autodidact/evaluate";

const hash = (digit: string) => `sha256:${digit.repeat(64)}`;

export interface MadeCell {
  readonly encoder: string;
  readonly task?: string;
  /** The accuracy; what has failed has none. */
  readonly value?: number;
  readonly error?: string;
  readonly wallSeconds?: number;
}

/** Each encoder has a hash of its own, by its first letter. */
export function madeCell({ encoder, task = "stripes", value = 0.5, error, wallSeconds = 2 }: MadeCell): CellRecord {
  const digit = (encoder.charCodeAt(0) % 16).toString(16);
  return cellRecord({
    cell: {
      encoder: { name: encoder, hash: hash(digit) },
      task: {
        name: task,
        version: 1,
        modality: "image",
        data: hash(String(task.length % 10)),
        protocol: { name: "knn", version: 2 },
        options: {},
        budgets: [{}],
        seeds: null,
        seed: 0,
        groups: null,
        reference: null,
      },
    },
    outcome:
      error === undefined
        ? { status: "done", results: [{ record: madeResult(encoder, task, value, wallSeconds), predictions: null }] }
        : { status: "failed", error },
    wallSeconds,
    createdAt: "2026-12-01T00:00:00.000Z",
  });
}

function madeResult(method: string, task: string, value: number, wallSeconds: number): ResultRecord {
  return resultRecord({
    kind: "classes",
    task: {
      name: task,
      version: 1,
      modality: "image",
      classes: ["lie", "stand"],
      train: { examples: 10, hash: hash("0") },
      test: { examples: 5, hash: hash("0") },
    },
    subject: { method, encoder: {}, weights: hash("0"), step: 100, seeds: [0], pretraining: {} },
    protocol: { name: "knn", version: 2, settings: {}, labelsPerClass: null },
    scores: [
      {
        metric: { name: "accuracy", better: "higher", unit: "share" },
        value,
        interval: [value, value],
        deviation: null,
        seeds: [0],
        values: [value],
        chosen: [{}],
        chance: 0.5,
      },
    ],
    baselines: { rawFeatures: null, randomInit: null, fromScratch: null },
    cost: { wallSeconds, peakMemoryBytes: 1e9, flops: null, energy: null },
    environment: { engine: "cpu", provider: null, threads: 1, platform: "any", processor: "any", versions: {} },
    createdAt: "2026-12-01T00:00:00.000Z",
  });
}
