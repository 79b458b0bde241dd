import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { flatTable, tableOf } from "../testing/tables.js";
import { knn } from "./knn.js";

const context = { random: createRandom(0) };
beforeAll(() => useTestBackend());

describe("knn", () => {
  // Angles 0° and 10° say class 0, 60° says class 1; the question is asked at 40°.
  // Similarities 0.766, 0.866, 0.940. The nearest alone: class 1. All three at τ = 1: 2.151 + 2.377 > 2.560: class 0.
  const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const train = tableOf([at(0), at(10), at(60)], [0, 0, 1], 2);
  const test = tableOf([at(40)], [1], 2);

  it("lets the nearest decide alone", async () => {
    expect([...(await knn({ k: 1 }).predict(train, test, context)).labels]).toEqual([1]);
  });

  it("weighs votes by exp(similarity / temperature)", async () => {
    expect([...(await knn({ k: 3, temperature: 1 }).predict(train, test, context)).labels]).toEqual([0]);
    // τ = 0.05: e^(0.766/0.05) + e^(0.866/0.05) = 4.5e6 + 3.3e7 < e^(0.940/0.05) = 1.5e8
    expect([...(await knn({ k: 3, temperature: 0.05 }).predict(train, test, context)).labels]).toEqual([1]);
  });

  it("asks for direction, not for length", async () => {
    const long = tableOf([at(0).map((x) => 100 * x), at(60)], [0, 1], 2);
    expect([...(await knn({ k: 1 }).predict(long, test, context)).labels]).toEqual([1]);
  });

  it("takes all rows where k is more", async () => {
    expect([...(await knn({ k: 200, temperature: 1 }).predict(train, test, context)).labels]).toEqual([0]);
  });

  it("answers as PyTorch", async () => {
    const expected = oracle<{
      size: number;
      classes: number;
      train: number[];
      trainLabels: number[];
      test: number[];
      cases: { k: number; temperature: number; answers: number[] }[];
    }>("knn");
    const bank = flatTable(expected.train, expected.size, expected.trainLabels, expected.classes);
    const questions = {
      values: Float32Array.from(expected.test),
      count: expected.test.length / expected.size,
      size: expected.size,
    };
    for (const { k, temperature, answers } of expected.cases) {
      const { labels } = await knn({ k, temperature }).predict(bank, questions, context);
      expect([...labels], `k ${k}, temperature ${temperature}`).toEqual(answers);
    }
  });

  it("gives the same answers in many blocks as in one", async () => {
    const random = createRandom(3);
    const size = 2;
    const bank = flatTable(
      [...random.normals(50 * size)],
      size,
      Array.from({ length: 50 }, (_, i) => i % 4),
      4,
    );
    const questions = { values: random.normals(30 * size), count: 30, size };
    const whole = await knn({ k: 7 }).predict(bank, questions, context);
    const blocks = await knn({ k: 7, blockSimilarities: 200 }).predict(bank, questions, context);
    expect([...blocks.labels]).toEqual([...whole.labels]);
  });

  it("leaves no tensors", async () => {
    const before = memory().numTensors;
    await knn().predict(train, test, context);
    expect(memory().numTensors).toBe(before);
  });

  it("stops when told", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(knn().predict(train, test, { ...context, signal })).rejects.toThrow("enough");
  });

  it("refuses impossible settings and features of another encoder", async () => {
    expect(() => knn({ k: 0 })).toThrow("k must be a whole number of at least 1, got 0");
    expect(() => knn({ temperature: 0 })).toThrow("temperature must be above 0, got 0");
    await expect(knn().predict(train, tableOf([[1, 2, 3]], [0], 2), context)).rejects.toThrow("got 2 and 3");
  });
});
