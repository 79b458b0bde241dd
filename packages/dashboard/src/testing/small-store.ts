/** A store of small cells for tests: models that answer some of 40 examples rightly. */
import { createHash } from "node:crypto";
import {
  type CellRecord,
  cellRecord,
  openStore,
  type Predictions,
  type ResultRecord,
  resultRecord,
} from "@autodidact/evaluate";

const hash = `sha256:${"0".repeat(64)}`;
const hashOf = (name: string) => `sha256:${createHash("sha256").update(name).digest("hex")}`;

export interface SmallCell {
  readonly model: string;
  readonly task?: string;
  readonly modality?: "image" | "text" | "speech";
  /** Of 40. */
  readonly right?: number;
  readonly error?: string;
}

const EXAMPLES = 40;

function predictionsOf({ right = 20 }: SmallCell): Predictions {
  const truth = Array.from({ length: EXAMPLES }, (_, row) => row % 2);
  const answers = truth.map((label, row) => (row < right ? label : 1 - label));
  return {
    schema: "autodidact.predictions/1",
    examples: truth.map((_, row) => `${row}.png`),
    classes: ["no", "yes"],
    truth,
    seeds: [0],
    answers: { encoder: [answers], rawFeatures: [answers], randomInit: [answers] },
    groups: { colour: truth.map((_, row) => (row % 3 === 0 ? "red" : "blue")) },
  };
}

function resultOf({ model, task = "stripes", modality = "image", right = 20 }: SmallCell): ResultRecord {
  const value = right / EXAMPLES;
  const score = {
    metric: { name: "accuracy", better: "higher" as const, unit: "share" },
    value,
    interval: [Math.max(0, value - 0.1), Math.min(1, value + 0.1)] as [number, number],
    deviation: null,
    seeds: [0],
    values: [value],
    chosen: [{}],
    chance: 0.5,
  };
  return resultRecord({
    kind: "classes",
    task: {
      name: task,
      version: 1,
      modality,
      classes: ["no", "yes"],
      train: { examples: 10, hash },
      test: { examples: EXAMPLES, hash },
    },
    subject: { method: model, encoder: {}, weights: hashOf(model), step: 100, seeds: [0], pretraining: {} },
    protocol: { name: "knn", version: 2, settings: {}, labelsPerClass: null },
    scores: [score],
    baselines: { rawFeatures: [score], randomInit: [score], fromScratch: null },
    cost: { wallSeconds: 1.5, peakMemoryBytes: 1e9, flops: 2e6, energy: null },
    environment: {
      engine: "cpu",
      provider: null,
      threads: 1,
      platform: "linux x64",
      processor: "unknown",
      versions: {},
    },
    createdAt: "2026-12-01T00:00:00.000Z",
  });
}

export function smallCell(told: SmallCell, predictions: string | null = null): CellRecord {
  const { model, task = "stripes", modality = "image", error } = told;
  return cellRecord({
    cell: {
      encoder: { name: model, hash: hashOf(model) },
      task: {
        name: task,
        version: 1,
        modality,
        data: hashOf(task),
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
        ? { status: "done", results: [{ record: resultOf(told), predictions }] }
        : { status: "failed", error },
    wallSeconds: 2,
    createdAt: "2026-12-01T00:00:00.000Z",
  });
}

export async function writeSmallStore(folder: string, cells: readonly SmallCell[]): Promise<void> {
  const store = await openStore(folder);
  for (const told of cells) {
    const predictions = told.error === undefined ? await store.keep(predictionsOf(told)) : null;
    await store.append(smallCell(told, predictions));
  }
}
