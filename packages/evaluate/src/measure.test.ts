import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { classProtocol, fewLabels, type Predictor } from "./classes/class-protocol.js";
import { knn } from "./classes/knn.js";
import { compare, measure } from "./measure.js";
import { tableOf } from "./testing/tables.js";

beforeAll(() => useTestBackend());

const train = tableOf(
  [
    [1, 0],
    [1, 0.1],
    [0, 1],
    [0.1, 1],
  ],
  [0, 0, 1, 1],
  2,
);
const test = tableOf(
  [
    [1, 0],
    [0, 1],
    [1, 0.2],
    [1, 0],
  ],
  [0, 1, 0, 1],
  2,
); // the last one is mislabelled

/** Remembers what it was given, and answers class 0. */
function listening() {
  const seen: string[] = [];
  const predictor: Predictor = {
    name: "listening",
    version: 1,
    settings: {},
    predict: async (given, { count }, { random }) => {
      seen.push(`${[...given.labels]} ${[...given.values]} ${random.uniform()}`);
      return { labels: new Int32Array(count), chosen: { rows: given.count } };
    },
  };
  return { seen, predictor, protocol: classProtocol(predictor) };
}

describe("measure", () => {
  it("counts what is right: 3 of 4", async () => {
    const [score] = await measure(knn({ k: 1 }), { train, test }, { random: createRandom(0) });
    expect(score).toMatchObject({ value: 0.75, values: [0.75], seeds: [0], deviation: null, chance: 0.5 });
    expect(score.metric).toEqual({ name: "accuracy", better: "higher", unit: "share" });
    // Wilson's, of 3 out of 4 (0.75 + z²/8 ± z √(0.75 · 0.25 / 4 + z²/64)) / (1 + z²/4)
    expect(score.interval).toEqual([expect.closeTo(0.3006, 4), expect.closeTo(0.9544, 4)]);
  });

  it("draws few labels anew for each of five seeds and gives mean and deviation", async () => {
    const { seen, protocol } = listening();
    const [score] = await measure(protocol, { train, test }, { random: createRandom(0), draw: fewLabels(1) });
    expect(score.seeds).toEqual([0, 1, 2, 3, 4]);
    expect(score).toMatchObject({ value: 0.5, deviation: 0, chosen: Array(5).fill({ rows: 2 }) });
    expect(new Set(seen).size).toBe(5);
  });

  it("reports the deviation between seeds: accuracies 1 and 0.5 deviate by 0.3536", async () => {
    let call = 0;
    const flaky = classProtocol({
      ...listening().predictor,
      predict: async () => ({
        labels: call++ === 0 ? Int32Array.of(0, 1, 0, 1) : Int32Array.of(0, 0, 0, 0),
        chosen: {},
      }),
    });
    const [score] = await measure(flaky, { train, test }, { random: createRandom(0), seeds: [3, 4] });
    expect(score.values).toEqual([1, 0.5]);
    expect(score.value).toBe(0.75);
    expect(score.deviation).toBeCloseTo(Math.SQRT1_2 / 2, 6);
  });
});

describe("compare", () => {
  it("gives every contender the same drawn labels and the same chance", async () => {
    const { seen, protocol } = listening();
    const contender = { train, test };
    const announced: string[] = [];
    const scores = await compare(
      protocol,
      { encoder: contender, rawFeatures: contender, randomInit: contender },
      { random: createRandom(0), draw: fewLabels(1), seeds: [0, 1] },
      (name) => announced.push(name),
    );
    expect(announced).toEqual(["encoder", "rawFeatures", "randomInit"]);
    expect(Object.keys(scores)).toEqual([...announced, "fromScratch"]);
    expect(seen.slice(2, 4)).toEqual(seen.slice(0, 2));
    expect(seen.slice(4)).toEqual(seen.slice(0, 2));
  });

  it("may read each contender in a way of its own", async () => {
    const always = (label: number) =>
      classProtocol({
        ...listening().predictor,
        predict: async () => ({ labels: new Int32Array(test.count).fill(label), chosen: { label } }),
      });
    const contender = { train, test };
    const { encoder, rawFeatures, randomInit } = await compare(
      (name) => always(name === "rawFeatures" ? 1 : 0),
      { encoder: contender, rawFeatures: contender, randomInit: contender },
      { random: createRandom(0) },
    );
    expect([encoder, rawFeatures, randomInit!].map(([{ chosen }]) => chosen)).toEqual([
      [{ label: 0 }],
      [{ label: 1 }],
      [{ label: 0 }],
    ]);
  });

  it("measures from scratch too where that is given", async () => {
    const contender = { train, test };
    const contenders = { encoder: contender, rawFeatures: contender, randomInit: contender, fromScratch: contender };
    const scores = await compare(knn({ k: 1 }), contenders, { random: createRandom(0) });
    expect(scores.fromScratch?.[0].value).toBe(0.75);
  });
});

it("a predictor sees no test labels, and a record says how many neighbours voted", async () => {
  const given: object[] = [];
  const curious = classProtocol({
    ...listening().predictor,
    predict: async (_, asked) => {
      given.push(asked);
      return { labels: new Int32Array(asked.count), chosen: {} };
    },
  });
  await measure(curious, { train, test }, { random: createRandom(0) });
  expect(Object.keys(given[0]!).sort()).toEqual(["count", "layers", "size", "values"]);
  const [score] = await measure(knn(), { train, test }, { random: createRandom(0) });
  expect(score.chosen).toEqual([{ kUsed: 2 }]);
});
