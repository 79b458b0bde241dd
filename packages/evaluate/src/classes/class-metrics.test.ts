import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { judge } from "../judge.js";
import { oracle } from "../testing/oracle.js";
import { classMetrics } from "./class-metrics.js";
import { type ClassScore, macroF1 } from "./macro-f1.js";
import { mcc } from "./mcc.js";

interface Case {
  readonly name: string;
  readonly classes: number;
  readonly truth: number[];
  readonly labels: number[];
  readonly macroF1: number;
  readonly mcc: number;
  readonly perClass: Omit<ClassScore, "learnedFrom">[];
}
const { answers: cases } = oracle<{ answers: Case[] }>("class-metrics");

describe("as scikit-learn", () => {
  it.each(cases)("$name", ({ classes, truth, labels, ...expected }) => {
    const answer = { labels, truth };
    expect(macroF1.overall(answer)).toBeCloseTo(expected.macroF1, 10);
    expect(mcc.overall(answer)).toBeCloseTo(expected.mcc, 10);
    const given = { train: { labels: Int32Array.from(truth), classes }, test: { labels: Int32Array.from(truth) } };
    for (const [label, own] of macroF1.perClass!([answer], given).entries()) {
      const { learnedFrom, ...score } = own;
      expect(learnedFrom).toBe(expected.perClass[label]!.examples);
      for (const [name, value] of Object.entries(expected.perClass[label]!)) {
        expect(score[name as keyof typeof score], `${name} of class ${label}`).toBeCloseTo(value, 10);
      }
    }
  });
});

// There 0 0 0 1, answered 0 0 1 1: F1 2·2/(3+2) = 0.8 and 2·1/(1+2) = 0.667.
const answer = { truth: [0, 0, 0, 1], labels: [0, 0, 1, 1] };
const given = {
  train: { labels: Int32Array.of(0, 0, 1), classes: 2 },
  test: { labels: Int32Array.from(answer.truth) },
};

it("a draw of examples scores as those examples do", () => {
  const twice = { truth: [0, 0, 1, 1], labels: [0, 0, 1, 1] }; // the first example twice, the last twice
  for (const metric of [macroF1, mcc]) {
    expect(metric.resampled!(answer)(Float64Array.of(2, 0, 0, 2))).toBe(metric.overall(twice));
    expect(metric.resampled!(answer)(Float64Array.of(1, 1, 1, 1))).toBe(metric.overall(answer));
  }
});

it("chance is always answering the commonest training class", () => {
  expect(macroF1.chance(given)).toBeCloseTo((2 * 3) / (3 + 4) / 2, 12); // 0 in all four; 1 never
  expect(mcc.chance(given)).toBe(0);
});

it("macro F1 is over the classes of the test part, whatever else is answered", () => {
  const test = { labels: Int32Array.of(0, 0, 1, 1) };
  const threeClasses = { train: { labels: Int32Array.of(0, 1, 2, 2), classes: 3 }, test };
  const straying = { truth: [0, 0, 1, 1], labels: [0, 2, 1, 1] }; // F1 of 0 is 2·1/(2+1), of 1 is 1; nobody asks for 2
  const others = { truth: [0, 0, 1, 1], labels: [0, 1, 1, 1] }; // F1 of 0 is 2·1/(2+1), of 1 is 2·2/(2+3)
  expect(macroF1.overall(straying)).toBeCloseTo((2 / 3 + 1) / 2, 12);
  expect(macroF1.overall(others)).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
  expect(macroF1.resampled!(straying)(Float64Array.of(0, 2, 1, 0))).toBeCloseTo(1 / 2, 12); // 0 is never right, 1 always
  expect(macroF1.chance(threeClasses)).toBe(0); // always 2
});

it("judge puts accuracy first, has each class over seeds, and no interval that is one point", () => {
  const right = { truth: answer.truth, labels: answer.truth };
  const options = { random: createRandom(0), seeds: [0, 1] };
  const [accuracy, f1, correlation] = judge(classMetrics, { given, answers: [answer, right] }, options);
  expect([accuracy, f1, correlation].map((score) => score!.metric.name)).toEqual(["accuracy", "macroF1", "mcc"]);
  expect(f1!.perClass![1]).toEqual({
    learnedFrom: 1,
    examples: 1,
    precision: 0.75,
    recall: 1,
    f1: expect.closeTo((2 / 3 + 1) / 2, 12),
  });
  expect(accuracy.perClass).toBeUndefined();
  const sure = judge(classMetrics, { given, answers: [right] }, { random: createRandom(0), seeds: [0] });
  expect(sure.map(({ value }) => value)).toEqual([1, 1, 1]);
  expect(sure.slice(1).map(({ interval }) => interval)).toEqual([null, null]);
});
