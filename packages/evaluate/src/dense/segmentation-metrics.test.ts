import { createRandom } from "@autodidact/core";
import { expect, it } from "vitest";
import { judge } from "../judge.js";
import { oracle } from "../testing/oracle.js";
import type { DenseAnswer } from "./mean-iou.js";
import { segmentationMetrics } from "./segmentation-metrics.js";

/** From scikit-learn's confusion matrix: tools/oracles/dense_oracles.py */
const { iou, miou, accuracy, there, ...answer } = oracle<
  { iou: (number | null)[]; miou: number; accuracy: number; there: number[] } & DenseAnswer
>("masks");

it("are those of the confusion matrix: mean and each class's IoU, pixels right, F1 as 2 IoU / (1 + IoU)", () => {
  const learnedFrom = [7, 8, 9, 10, 0];
  const given = { given: { learnedFrom }, answers: [answer, answer] };
  const [mean, pixels] = judge(segmentationMetrics, given, { random: createRandom(0), seeds: [0, 1] });
  expect(mean.value).toBeCloseTo(miou, 12);
  expect(pixels!.value).toBeCloseTo(accuracy, 12);
  for (const [label, own] of mean.perClass!.entries()) {
    const share = iou[label] ?? 0;
    expect(own.iou).toBeCloseTo(share, 12);
    expect(own.f1).toBeCloseTo((2 * share) / (1 + share), 12);
    expect([own.learnedFrom, own.examples]).toEqual([learnedFrom[label], there[label]]);
  }
});
