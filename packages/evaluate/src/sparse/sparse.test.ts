import { createRandom, type SparseTable } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { fewLabels } from "../classes/class-protocol.js";
import { knn } from "../classes/knn.js";
import { linearProbe } from "../classes/linear-probe.js";
import { compare } from "../measure.js";
import { flatTable } from "../testing/tables.js";
import { sparseCounterpart } from "./counterpart.js";
import { sparseKnn } from "./knn.js";
import { sparseRegression } from "./regression.js";
import { sparseTask } from "./sparse-rows.js";

beforeAll(() => useTestBackend());

const tableOf = (size: number, ...rows: number[][]): SparseTable => ({
  rows: rows.map((row) => Uint32Array.from(row)),
  size,
});
/** good film · a good plot · bad film · a bad , plot: words 0 good, 1 film, 2 a, 3 plot, 4 bad, 5 the comma. */
const train = tableOf(6, [0, 1], [0, 2, 3], [1, 4], [2, 3, 4, 5]);
/** good · bad · a good film */
const test = tableOf(6, [0], [4], [0, 1, 2]);
const films = sparseTask({ train, test }, { train: [1, 1, 0, 0], test: [1, 0, 1] }, 2);
const context = { random: createRandom(1) };

it("sparseRegression learns which words speak for a class", async () => {
  const { labels, chosen } = await sparseRegression(films.table, { l2: [1, 1e-3] }).predict(
    films.train,
    films.test,
    context,
  );
  expect([...labels]).toEqual([1, 0, 1]);
  expect(chosen.l2).toBeTypeOf("number");
});

it("sparseKnn asks as many rows as the smallest class has, and refuses more than the largest has", async () => {
  const { chosen } = await sparseKnn(films.table).predict(films.train, films.test, context);
  expect(chosen).toEqual({ kUsed: 2 });
  const asked = (k: number) => sparseKnn(films.table, { k }).predict(films.train, films.test, context);
  await expect(asked(3)).rejects.toThrow("sparseKnn: k must be at most 2");
  const counterpart = (protocol: ReturnType<typeof knn>) =>
    sparseCounterpart(protocol, films.table).predict(films.train, films.test, context);
  expect((await counterpart(knn())).chosen).toEqual({ kUsed: 2 });
  expect((await counterpart(knn({ k: 1 }))).chosen).toEqual({ kUsed: 1 });
});

it("sparseKnn asks the rows that share most words", async () => {
  const { labels } = await sparseKnn(films.table, { k: 1 }).predict(films.train, films.test, context);
  expect([...labels]).toEqual([1, 0, 1]);
});

describe("against the dense protocols", () => {
  const random = createRandom(4);
  const size = 12;
  const draw = (count: number) =>
    tableOf(size, ...Array.from({ length: count }, () => [...Array(size).keys()].filter(() => random.uniform() < 0.4)));
  const parts = { train: draw(40), test: draw(25) };
  /** The class by the first two features. */
  const classOf = (row: Uint32Array) => Number(row.includes(0)) + Number(row.includes(1));
  const labels = { train: parts.train.rows.map(classOf), test: parts.test.rows.map(classOf) };
  const sparse = sparseTask(parts, labels, 3);
  const denseOf = ({ rows }: SparseTable, of: number[]) =>
    flatTable(
      rows.flatMap((row) => Array.from({ length: size }, (_, i) => Number(row.includes(i)))),
      size,
      of,
      3,
    );
  const dense = { train: denseOf(parts.train, labels.train), test: denseOf(parts.test, labels.test) };

  it("sparseKnn answers as knn on the same rows with their zeros", async () => {
    const options = { k: 7, temperature: 0.2 };
    const expected = await knn(options).predict(dense.train, dense.test, context);
    const { labels: answers } = await sparseKnn(sparse.table, options).predict(sparse.train, sparse.test, context);
    expect([...answers]).toEqual([...expected.labels]);
  });

  it("compare reads each contender in its own way, with few labels drawn", async () => {
    const protocol = linearProbe({ l2: [1e-2, 1e-3] });
    const { encoder, rawFeatures } = await compare(
      (name) => (name === "rawFeatures" ? sparseCounterpart(protocol, sparse.table) : protocol),
      { encoder: dense, rawFeatures: sparse, randomInit: dense },
      { random: createRandom(0), draw: fewLabels(6), seeds: [0, 1] },
    );
    expect(encoder[0].seeds).toEqual(rawFeatures[0].seeds);
    expect(rawFeatures[0].value).toBeGreaterThan(0.6); // two features decide
  });
});

it("refuses what is not its table", async () => {
  expect(() => sparseTask({ train, test: tableOf(5, [1]) }, { train: [0, 0, 0, 0], test: [0] }, 2)).toThrow(
    "got 6 in train and 5 in test",
  );
  const foreign = flatTable([1, 99], 1, [0, 1], 2);
  await expect(sparseKnn(films.table).predict(foreign, films.test, context)).rejects.toThrow("0 to 6, got 99");
  const other = { ...knn(), name: "clusters" };
  expect(() => sparseCounterpart(other, films.table)).toThrow("must be knn or linear, got clusters");
});
