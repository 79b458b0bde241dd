import { eye, scalar, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectLossAsPyTorch, type LossCase, readOracle } from "../testing/oracle.js";
import { angularPrototypical } from "./angular-prototypical.js";

beforeAll(useTestBackend);

test("by hand: two orthogonal rows that are their prototypes, w = 1, give −log(e / (e + 1)) = 0.3133", () => {
  expect(angularPrototypical(eye(2), eye(2), scalar(1)).dataSync()[0]).toBeCloseTo(0.3133, 4);
});

test("a scale below 0 counts as almost 0: log 2", () => {
  expect(angularPrototypical(eye(2), eye(2), scalar(-5)).dataSync()[0]).toBeCloseTo(Math.LN2, 4);
});

onEachEngine(() => {
  for (const expected of readOracle<LossCase<object>>("angular-prototypical")) {
    test(`as PyTorch, whose offset cancels: ${expected.name}`, () => {
      expectLossAsPyTorch(
        ({ queries, prototypes, scale }) => angularPrototypical(queries as Tensor2D, prototypes as Tensor2D, scale!),
        expected,
      );
    });
  }
});

test("rows that are not pairs are refused", () => {
  expect(() => angularPrototypical(zeros([3, 2]), zeros([2, 2]), scalar(1))).toThrow("got [3,2] and [2,2]");
});
