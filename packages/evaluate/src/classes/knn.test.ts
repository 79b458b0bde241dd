import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { compare, measure } from "../measure.js";
import { oracle } from "../testing/oracle.js";
import { flatTable, tableOf } from "../testing/tables.js";
import { fewLabels } from "./class-protocol.js";
import { knn } from "./knn.js";

const context = { random: createRandom(0) };
beforeAll(() => useTestBackend());

describe("knn where classes are small", () => {
  const random = createRandom(11);
  const sizes = [30, 20, 10];
  const labels = sizes.flatMap((size, label) => Array<number>(size).fill(label));
  /** Noisy class directions: all in a narrow cone, as features after a ReLU are, or far apart. */
  const features = (of: readonly number[], { offset, spread, noise }: Record<string, number>) =>
    tableOf(
      of.map((label) => [
        offset!,
        ...[0, 1, 2].map((axis) => spread! * Number(axis === label) + random.normal(0, noise!)),
      ]),
      of,
      3,
    );
  const asked = Array.from({ length: 60 }, (_, i) => i % 3);
  const contender = (how: Record<string, number>) => ({ train: features(labels, how), test: features(asked, how) });
  const encoder = contender({ offset: 1, spread: 0.05, noise: 0.01 }); // tells the classes apart
  const raw = contender({ offset: 0, spread: 1, noise: 0.6 }); // does so less well

  /** Every training row votes, as k ≥ 60 had it. */
  const allVote = ({ train, test }: typeof encoder) => {
    const row = (values: Float32Array, i: number) => values.subarray(4 * i, 4 * i + 4);
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const cosine = (a: Float32Array, b: Float32Array) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    const right = asked.filter((label, question) => {
      const votes = [0, 0, 0];
      for (const [i, of] of labels.entries()) {
        votes[of]! += Math.exp(cosine(row(train.values, i), row(test.values, question)) / 0.1);
      }
      return votes.indexOf(Math.max(...votes)) === label;
    });
    return right.length / asked.length;
  };

  it("asks those that are near: the better features win, which lost where all voted", async () => {
    expect(allVote(encoder)).toBeCloseTo(1 / 3, 12); // the largest class, whatever is asked
    expect(allVote(raw)).toBeGreaterThan(0.5);
    const contenders = { encoder, rawFeatures: raw, randomInit: raw };
    const { encoder: ours, rawFeatures } = await compare(knn(), contenders, { random });
    expect(ours[0].chosen).toEqual([{ kUsed: 10 }]);
    expect(ours[0].value).toBe(1);
    expect(rawFeatures[0].value).toBeLessThan(1);
  });

  it("counts the classes of each draw of labels", async () => {
    const few = { random, draw: fewLabels(4), seeds: [0] };
    expect((await measure(knn(), encoder, few))[0].chosen).toEqual([{ kUsed: 4 }]);
    await expect(measure(knn({ k: 5 }), encoder, few)).rejects.toThrow("k must be at most 4");
    expect((await measure(knn({ k: 3 }), encoder, few))[0].chosen).toEqual([{ kUsed: 3 }]);
  });

  it("refuses features that are no numbers, naming whose they are and the first example", async () => {
    const broken = { ...encoder, test: { ...encoder.test, values: encoder.test.values.slice() } };
    broken.test.values[4 * 6 + 1] = Number.NaN;
    const contenders = { encoder, rawFeatures: raw, randomInit: broken };
    await expect(compare(knn(), contenders, { random })).rejects.toThrow(
      "knn: features of the random init must be finite numbers, got NaN for test example 7.",
    );
  });
});

describe("knn", () => {
  // Angles 0° and 10° say class 0, 60° says class 1; the question is asked at 40°.
  // Similarities 0.766, 0.866, 0.940. The nearest alone: class 1. All three at τ = 1: 2.151 + 2.377 > 2.560: class 0.
  const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  // A third of class 0 stands far off: three may be asked where a class has three.
  const train = tableOf([at(0), at(10), at(60), at(220)], [0, 0, 1, 0], 2);
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
    await expect(knn({ k: 4 }).predict(train, test, context)).rejects.toThrow(
      "knn: k must be at most 3, the training examples of the largest class, got 4",
    );
    expect(() => knn({ temperature: 0 })).toThrow("temperature must be above 0, got 0");
    await expect(knn().predict(train, tableOf([[1, 2, 3]], [0], 2), context)).rejects.toThrow("got 2 and 3");
  });
});
