/** Small cells of a store for tests: models that answer some of the examples rightly. */

import { contentHash } from "../record/content-address.js";
import { resultRecord } from "../record/record.js";
import type { ResultBody, Score } from "../record/schema.js";
import { type CellRecord, cellRecord } from "../store/cell-record.js";
import type { Predictions } from "../store/predictions.js";
import type { Cell } from "../suite/cell.js";
import { result, score } from "./results.js";

export const hashOf = (name: string) => contentHash({ name });

export interface MadeCell {
  readonly encoder?: string;
  readonly weights?: string;
  readonly task?: string;
  readonly modality?: ResultBody["task"]["modality"];
  /** Right or not, of each example. */
  readonly right?: readonly boolean[];
  readonly shares?: readonly number[];
  readonly groups?: Predictions["groups"];
  readonly classes?: readonly [string, string];
  readonly error?: string;
  readonly createdAt?: string;
}

export function cellOf({
  encoder = "simclr",
  weights = encoder,
  task = "stripes",
  modality = "image",
  shares = [1],
}: MadeCell = {}): Cell {
  return {
    encoder: { name: encoder, hash: hashOf(weights) },
    task: {
      name: task,
      version: 1,
      modality,
      data: hashOf(task),
      protocol: { name: "knn", version: 2 },
      options: {},
      budgets: shares.map((labelShare) => (labelShare === 1 ? {} : { labelShare })),
      seeds: null,
      seed: 0,
      groups: null,
      reference: null,
    },
  };
}

/** The cell's record, and what was answered, by its hash. */
export function madeCell(made: MadeCell = {}): { record: CellRecord; predictions: Map<string, Predictions> } {
  const { task = "stripes", right = [true, false], shares = [1], createdAt = "2026-12-01T00:00:00.000Z" } = made;
  const told = predictionsWith(right, made);
  const hash = contentHash(told);
  const value = right.filter(Boolean).length / right.length;
  const results = shares.map((labelShare) => ({
    predictions: hash,
    record: resultRecord({
      ...result,
      task: { ...result.task, name: task, modality: made.modality ?? "image", classes: [...told.classes] },
      subject: { ...result.subject, method: made.encoder ?? "simclr" },
      protocol: {
        ...result.protocol,
        settings: labelShare === 1 ? {} : { labelShare, labels: 4 },
      },
      scores: [scoreOf(value * (0.5 + 0.5 * labelShare))],
      cost: { ...result.cost, flops: 2e9, parameters: 1e6 },
      labelFree: { examples: 5, rankMe: 3, alphaReq: 1.1, uniformity: -2 },
      createdAt,
    }),
  }));
  const outcome =
    made.error === undefined
      ? ({ status: "done", results } as const)
      : ({ status: "failed", error: made.error } as const);
  const record = cellRecord({ cell: cellOf(made), outcome, wallSeconds: 2, createdAt });
  return { record, predictions: new Map([[hash, told]]) };
}

const scoreOf = (value: number): Score => ({
  ...score,
  value,
  values: [value],
  interval: [value * 0.9, Math.min(1, value * 1.1)],
});

function predictionsWith(right: readonly boolean[], { groups = {}, classes = ["no", "yes"] }: MadeCell): Predictions {
  const truth = right.map((_, row) => row % 2);
  const answers = right.map((isRight, row) => (isRight ? truth[row]! : 1 - truth[row]!));
  return {
    schema: "autodidact.predictions/1",
    examples: right.map((_, row) => `${row}.png`),
    classes: [...classes],
    truth,
    seeds: [0],
    answers: { encoder: [answers], rawFeatures: [answers], randomInit: [answers] },
    groups,
  };
}
