import { expect, it } from "vitest";
import { type Embedded, embed } from "./embed.js";
import type { FeatureExtractor } from "./feature-extractor.js";

/** The number and its double, two at a time. */
const extract: FeatureExtractor<number> = Object.assign(
  async (
    samples: Iterable<number> | AsyncIterable<number>,
    { onProgress }: Parameters<FeatureExtractor<number>>[1] = {},
  ) => {
    const values: number[] = [];
    for await (const sample of samples) values.push(sample, 2 * sample);
    onProgress?.(values.length / 2);
    return { values: Float32Array.from(values), count: values.length / 2, size: 2 };
  },
  { dispose: () => {} },
);

async function* numbers(count: number) {
  for (let i = 0; i < count; i++) yield [String(i), i] as const;
}

it("gives the features of a stream part by part, in its order, with the ids", async () => {
  const parts: Embedded[] = [];
  const progress: number[] = [];
  const options = { atOnce: 2, onProgress: (done: number) => progress.push(done) };
  for await (const part of embed(numbers(5), extract, options)) parts.push(part);
  expect(parts.map(({ ids }) => ids)).toEqual([["0", "1"], ["2", "3"], ["4"]]);
  expect(parts.map(({ features }) => [...features.values])).toEqual([
    [0, 0, 1, 2],
    [2, 4, 3, 6],
    [4, 8],
  ]);
  expect(progress).toEqual([2, 4, 5]);
});

it("keeps the names of classes, null for a sample that has none", async () => {
  async function* labelled() {
    yield ["a", 1, "cat"] as const;
    yield ["b", 2] as const;
  }
  const { value } = await embed<number>(labelled(), extract).next();
  expect(value?.labels).toEqual(["cat", null]);
  expect((await embed(numbers(1), extract).next()).value).not.toHaveProperty("labels");
});

it("stops when told, and gives nothing of nothing", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(embed(numbers(1), extract, { signal }).next()).rejects.toThrow("enough");
  expect((await embed(numbers(0), extract).next()).done).toBe(true);
});
