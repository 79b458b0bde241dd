import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { flatTable, tableOf } from "../testing/tables.js";
import { lbfgs } from "./lbfgs.js";
import { logProbabilities, penalisedLoss, regressionData } from "./softmax-regression.js";

const loss = penalisedLoss();
beforeAll(() => useTestBackend());
afterAll(() => loss.dispose());

const expected = oracle<{
  size: number;
  classes: number;
  features: number[];
  labels: number[];
  point: number[];
  cases: { l2: number; value: number; gradient: number[]; minimum: number; weight: number[] }[];
}>("softmax-regression");

describe("penalisedLoss", () => {
  it("of a head of zeros is log(classes), and its gradient pulls towards the labels", async () => {
    const data = regressionData(tableOf([[2]], [1], 2));
    const { value, gradient } = await loss(data, 1, new Float64Array(4));
    expect(value).toBeCloseTo(Math.log(2), 6);
    expect([...gradient]).toEqual([1, -1, 0.5, -0.5]); // x (p − y), p − y
    data.features.dispose();
    data.targets.dispose();
  });

  it("has PyTorch's value, gradient and minimum", async () => {
    const { size, classes, features, labels, point } = expected;
    const data = regressionData(flatTable(features, size, labels, classes));
    for (const { l2, value, gradient, minimum, weight } of expected.cases) {
      const at = await loss(data, l2, Float64Array.from(point));
      expect(Math.abs(at.value - value)).toBeLessThan(1e-5);
      at.gradient.forEach((slope, i) => {
        expect(Math.abs(slope - gradient[i]!)).toBeLessThan(1e-5);
      });

      const found = await lbfgs((head) => loss(data, l2, head), new Float64Array((size + 1) * classes));
      expect(Math.abs(found.value - minimum)).toBeLessThan(1e-5);
      weight.forEach((w, i) => {
        expect(Math.abs(found.point[i]! - w)).toBeLessThan(5e-3);
      });
    }
    data.features.dispose();
    data.targets.dispose();
  });

  it("leaves no tensors", async () => {
    const before = memory().numTensors;
    const table = tableOf([[2], [1]], [1, 0], 2);
    const data = regressionData(table);
    await loss(data, 0.1, new Float64Array(4));
    await logProbabilities(table, 2, new Float64Array(4));
    data.features.dispose();
    data.targets.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

it("logProbabilities of W = [1, −1], b = [0, 0] at x = 1: −log(1 + e^∓2)", async () => {
  const read = await logProbabilities(tableOf([[1]], [0], 2), 2, Float64Array.of(1, -1, 0, 0));
  expect(read[0]).toBeCloseTo(-Math.log(1 + Math.exp(-2)), 6);
  expect(read[1]).toBeCloseTo(-Math.log(1 + Math.exp(2)), 5);
});
