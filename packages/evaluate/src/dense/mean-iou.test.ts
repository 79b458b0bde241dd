import { expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { type DenseAnswer, meanIou } from "./mean-iou.js";

it("by hand: class 0 has 1 of 2, class 1 has 2 of 3", () => {
  const answer = { labels: [0, 1, 1, 1], truth: [0, 0, 1, 1], sizes: [4], classes: 3 };
  expect(meanIou.overall(answer)).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
});

it("is scikit-learn's, over all places and of each example", () => {
  const { miou, each, ...answer } = oracle<{
    classes: number;
    sizes: number[];
    truth: number[];
    labels: number[];
    miou: number;
    each: number[];
  }>("dense");
  expect(meanIou.overall(answer)).toBeCloseTo(miou, 8);
  meanIou.perExample(answer).forEach((value, i) => {
    expect(value).toBeCloseTo(each[i]!, 8);
  });
  const alone = Float64Array.of(0, 5, 0);
  expect(meanIou.resampled!(answer)(alone)).toBeCloseTo(each[1]!, 8);
});

it("refuses sizes that do not add up, and classes that are not there", () => {
  const answer: DenseAnswer = { labels: [0, 1], truth: [0, 1], sizes: [3], classes: 2 };
  expect(() => meanIou.overall(answer)).toThrow("got 3 and 2 labels for 2 places");
  expect(() => meanIou.overall({ ...answer, sizes: [1] })).toThrow("got 1 and 2 labels for 2 places");
  expect(() => meanIou.overall({ ...answer, sizes: [2], truth: [0, 2] })).toThrow("from 0 to 1, got 1 for 2");
});
