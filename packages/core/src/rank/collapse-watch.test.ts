import { engine, getBackend, mul, scalar, type Tensor2D, tensor2d, variable } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { CorruptSampleError, type Dataset } from "../data/dataset.js";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { collapseWatch, isCollapsed } from "./collapse-watch.js";

beforeAll(() => useTestBackend());

it.each([
  [{ effectiveRank: 40, embeddingStandardDeviation: 0.1 }, false], // of 64 features; 0.125 fills the sphere
  [{ effectiveRank: 8, embeddingStandardDeviation: 0.012 }, false], // a random init
  [{ effectiveRank: 1.1, embeddingStandardDeviation: 0.1 }, true], // one direction
  [{ effectiveRank: 8, embeddingStandardDeviation: 0.001 }, true], // one point
])("%j: collapsed %j", (spread, expected) => {
  expect(isCollapsed(spread, 64)).toBe(expected);
});

describe("collapseWatch", () => {
  const toInput = (samples: readonly (readonly number[])[]) => tensor2d(samples as number[][]);
  /** Every second sample is (1, 0), the others (0, 1); number 1 is broken. */
  const dataset: Dataset<readonly number[]> = {
    length: 9,
    get: async (index) => {
      if (index === 1) throw new CorruptSampleError("1", "broken");
      return index % 2 === 0 ? [1, 0] : [0, 1];
    },
  };
  const watching = (of: Dataset<readonly number[]>, weight = variable(tensor2d([[1, 1]]))) => {
    const encoder = Object.assign((x: Tensor2D) => mul(x, weight) as Tensor2D, { featureSize: 2 });
    return { weight, ...collapseWatch(encoder, { dataset: of, toInput, batchSize: 4, random: createRandom(1) }) };
  };

  it("sees two directions of equal weight, and one that is left", async () => {
    const { weight, look, dispose } = watching({
      ...dataset,
      length: 8,
      get: (index) => dataset.get(index === 1 ? 3 : index),
    });
    expect((await look())!.effectiveRank).toBeCloseTo(2, 4); // four samples a direction: exp of the entropy of (½, ½)
    weight.assign(tensor2d([[1, 0]]));
    const spread = (await look())!;
    expect(spread.effectiveRank).toBeCloseTo(1, 3);
    expect(isCollapsed(spread, 2)).toBe(true);
    dispose();
  });

  it("reads the sample once, without what is broken, and compiles once", async () => {
    const read: number[] = [];
    const counted = {
      ...dataset,
      get(index: number) {
        read.push(index);
        return dataset.get(index);
      },
    };
    const { weight, look, dispose } = watching(counted);
    await look();
    const stats = () => (engine().backend as unknown as { stats(): { graphs: number } }).stats().graphs;
    const compiled = getBackend() === "onnx" ? stats() : 0;
    for (let i = 0; i < 3; i++) {
      weight.assign(mul(weight, scalar(0.5)));
      await look();
    }
    expect(read.sort()).toEqual([...Array(9).keys()]);
    if (getBackend() === "onnx") expect(stats()).toBe(compiled);
    dispose();
  });

  it("sees nothing in a single sample", async () => {
    const { look, dispose } = watching({ ...dataset, length: 2 });
    expect(await look()).toBeUndefined();
    dispose();
  });
});
