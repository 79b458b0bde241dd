import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { flatTable, tableOf } from "../testing/tables.js";
import { linearProbe } from "./linear-probe.js";
import { fitBatchNorm, standardize } from "./standardize.js";

beforeAll(() => useTestBackend());

const context = () => ({ random: createRandom(0) });
interface Told {
  size: number;
  classes: number;
  train: number[];
  trainLabels: number[];
  test: number[];
  testLabels: number[];
  l2: number;
  answers: number[];
}
const expected = oracle<Told>("linear-probe");
const train = flatTable(expected.train, expected.size, expected.trainLabels, expected.classes);
const test = flatTable(expected.test, expected.size, expected.testLabels, expected.classes);

describe("linearProbe", () => {
  it("answers as PyTorch's L-BFGS on standardised features", async () => {
    const { labels, chosen } = await linearProbe({ l2: [expected.l2] }).predict(train, test, context());
    expect([...labels]).toEqual(expected.answers);
    expect(chosen).toEqual({ l2: expected.l2 });
  });

  it("answers nearly the same by SGD", async () => {
    const { labels } = await linearProbe({ l2: [expected.l2], solver: "sgd", epochs: 200 }).predict(
      train,
      test,
      context(),
    );
    const same = labels.filter((label, row) => label === expected.answers[row]).length;
    expect(same).toBeGreaterThanOrEqual(0.95 * expected.answers.length);
  });

  describe("after a batch norm", () => {
    const told = oracle<Told & { learning: number[]; answering: number[] }>("linear-probe-batch-norm");
    const learned = flatTable(told.train, told.size, told.trainLabels, told.classes);
    const asked = flatTable(told.test, told.size, told.testLabels, told.classes);

    it("scales as PyTorch's BatchNorm1d does in training and in evaluation", () => {
      for (const [mode, table] of [
        ["learning", learned],
        ["answering", asked],
      ] as const) {
        const { values } = standardize(table, fitBatchNorm(learned, mode));
        for (const [place, value] of told[mode].entries()) expect(values[place]).toBeCloseTo(value, 4);
      }
    });

    it("answers as PyTorch's norm and L-BFGS; SGD answers nearly the same", async () => {
      const probe = linearProbe({ l2: [told.l2], normalize: "batch-norm" });
      expect([...(await probe.predict(learned, asked, context())).labels]).toEqual(told.answers);
      const sgd = linearProbe({ l2: [told.l2], normalize: "batch-norm", solver: "sgd", epochs: 200 });
      const { labels } = await sgd.predict(learned, asked, context());
      const same = labels.filter((label, row) => label === told.answers[row]).length;
      expect(same).toBeGreaterThanOrEqual(0.95 * told.answers.length);
    });

    it("says so in its settings; without one they are as ever", () => {
      expect(linearProbe({ normalize: "batch-norm" }).settings).toMatchObject({ normalize: "batch-norm" });
      expect(linearProbe({ normalize: "standardize" }).settings).toEqual(linearProbe().settings);
      expect(Object.keys(linearProbe().settings)).toEqual(["solver", "l2", "maxIterations"]);
    });
  });

  /** Feature 0 is the class with little noise; the other 30 are noise: without a penalty 40 rows are memorised. */
  const noisy = (seed: number, count: number, signal: number) => {
    const random = createRandom(seed);
    const labels = Array.from({ length: count }, (_, i) => i % 2);
    const rows = labels.map((label) => [signal * (2 * label - 1) + random.normal(), ...random.normals(30)]);
    return tableOf(rows, labels, 2);
  };

  it("chooses a strong penalty where features are noise and a weak one where they are not", async () => {
    const grid = [10, 1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5];
    const afraid = await linearProbe({ l2: grid }).predict(noisy(1, 40, 0.5), noisy(2, 10, 0.5), context());
    expect(afraid.chosen.l2).toBeGreaterThanOrEqual(0.1);

    // three classes on a line, the middle one narrow: only a steep head tells it from its neighbours
    const spots = Array.from({ length: 300 }, (_, i) => i / 300);
    const line = tableOf(
      spots.map((x) => [x]),
      spots.map((x) => (x < 0.475 ? 0 : x < 0.525 ? 1 : 2)),
      3,
    );
    const bold = await linearProbe({ l2: grid }).predict(line, line, context());
    expect(bold.chosen.l2).toBeLessThanOrEqual(1e-3);
  });

  it("chooses without ever seeing the test rows", async () => {
    const first = await linearProbe().predict(noisy(1, 40, 1), noisy(2, 10, 1), context());
    const second = await linearProbe().predict(noisy(1, 40, 1), noisy(5, 80, 9), context());
    expect(second.chosen).toEqual(first.chosen);
  });

  it("is the same for the same seed", async () => {
    for (const solver of ["lbfgs", "sgd"] as const) {
      const runs = await Promise.all(
        [0, 1].map(() => linearProbe({ solver, epochs: 5 }).predict(train, test, context())),
      );
      expect(runs[1]).toEqual(runs[0]);
    }
  });

  it("learns from one row a class, where nothing can be held out", async () => {
    const tiny = tableOf(
      [
        [0, 1],
        [1, 0],
      ],
      [0, 1],
      2,
    );
    const { labels, chosen } = await linearProbe().predict(tiny, tiny, context());
    expect([...labels]).toEqual([0, 1]);
    expect(chosen).toEqual({ l2: 1e-3 });
  });

  it("leaves no tensors, also when stopped", async () => {
    const before = memory().numTensors;
    await linearProbe({ l2: [1, 0.1] }).predict(train, test, context());
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(linearProbe().predict(train, test, { ...context(), signal })).rejects.toThrow("enough");
    expect(memory().numTensors).toBe(before);
  });

  it("refuses an empty or negative grid", () => {
    expect(() => linearProbe({ l2: [] })).toThrow("at least one number");
    expect(() => linearProbe({ l2: [-1] })).toThrow("got [-1]");
  });
});
