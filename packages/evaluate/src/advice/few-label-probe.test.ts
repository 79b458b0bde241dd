import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { flatTable } from "../testing/tables.js";
import { denseReader, fewLabelProbe, labelsOfAClass, type ProbeReader } from "./few-label-probe.js";

beforeAll(() => useTestBackend());

const ROWS = 60;
const labels = { labels: Int32Array.from({ length: ROWS }, (_, row) => row % 3), classes: 3 };
/** Three places, more or less far apart, with noise. */
function features(distance: number) {
  const random = createRandom(4);
  const values = Array.from(labels.labels, (label) =>
    [0, 1, 2].map((axis) => random.normal(axis === label ? distance : 0)),
  );
  return flatTable(values.flat(), 3, [...labels.labels], 3);
}
const options = { random: createRandom(0), seeds: 2, labelsPerClass: 5 };
const share = (answers: readonly string[]) => answers.join("").replaceAll("0", "").length / (answers.length * ROWS);

describe("fewLabelProbe", () => {
  it("answers every example once a seed, rightly where classes lie apart and by chance where they do not", async () => {
    const [apart, alike] = [
      await fewLabelProbe(denseReader(features(9)), labels, options),
      await fewLabelProbe(denseReader(features(0)), labels, options),
    ];
    expect(apart).toEqual(["1".repeat(ROWS), "1".repeat(ROWS)]);
    expect(alike.map((text) => text.length)).toEqual([ROWS, ROWS]);
    expect(share(alike)).toBeGreaterThan(0.1);
    expect(share(alike)).toBeLessThan(0.6);
    expect(await fewLabelProbe(denseReader(features(0)), labels, options)).toEqual(alike);
  });

  it("learns from a few labels of each class, never from what it asks", async () => {
    const table = features(1);
    const read = denseReader(table);
    const seen: [readonly number[], readonly number[]][] = [];
    const watching: ProbeReader = (learn, ask) => {
      seen.push([learn, ask]);
      return read(learn, ask);
    };
    const before = memory().numTensors;
    await fewLabelProbe(watching, labels, { ...options, seeds: 1 });
    expect(memory().numTensors).toBe(before);
    expect(seen).toHaveLength(5);
    for (const [learn, ask] of seen) {
      expect([0, 1, 2].map((label) => learn.filter((row) => labels.labels[row] === label).length)).toEqual([5, 5, 5]);
      expect(learn.some((row) => ask.includes(row))).toBe(false);
    }
    expect(seen.flatMap(([, ask]) => ask).sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, row) => row));
  });
});

it("spends some 400 labels, five of a class at least", () => {
  expect([2, 10, 1000].map(labelsOfAClass)).toEqual([200, 40, 5]);
});
