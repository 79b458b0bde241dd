import type { ResultRecord, Score } from "@autodidact/evaluate";
import { expect, it } from "vitest";
import { describeScore, rawFeaturesWin, recordTable } from "./record-table.js";

const score = (value: number, deviation: number | null = null): Score => ({
  metric: { name: "accuracy", better: "higher", unit: "share" },
  value,
  interval: [value - 0.01, value + 0.02],
  deviation,
  seeds: [0],
  values: [value],
  chosen: [],
  chance: 0.1,
});
const record = (labelsPerClass: number | null, ours: number, raw: number): ResultRecord =>
  ({
    task: { modality: "image" },
    subject: { method: "simclr" },
    protocol: { name: "knn", labelsPerClass },
    scores: [score(ours, 0.004)],
    baselines: { rawFeatures: [score(raw)], randomInit: [score(0.5)], fromScratch: null },
  }) as unknown as ResultRecord;

it("writes a score with its interval, and its deviation where there is one", () => {
  expect(describeScore(score(0.912))).toBe("91.2 (90.2–93.2)");
  expect(describeScore(score(0.912, 0.004))).toBe("91.2 ± 0.4 (90.2–93.2)");
});

it("puts each contender in a row and each protocol in a column", () => {
  const lines = recordTable([record(null, 0.9, 0.8), record(10, 0.6, 0.7)]).split("\n");
  expect(lines[0]).toMatch(/kNN, all labels +kNN, 10 labels a class$/);
  expect(lines.slice(2).map((line) => line.slice(0, 18).trim())).toEqual([
    "simclr, pretrained",
    "raw pixels",
    "random init",
    "chance",
  ]);
  expect(lines[3]).toMatch(/80\.0 \(79\.0–82\.0\) +70\.0 \(69\.0–72\.0\)$/);
});

it("says where raw pixels win", () => {
  expect(rawFeaturesWin([record(null, 0.9, 0.8), record(10, 0.6, 0.7)])).toEqual(["kNN, 10 labels a class"]);
});
