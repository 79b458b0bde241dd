import { describe, expect, it } from "vitest";
import { CorruptSampleError, type Dataset } from "./dataset.js";
import { readSamples } from "./read-samples.js";

/** Ten times the index; the later ones are read faster, and 2 is broken. */
const dataset: Dataset<number> = {
  length: 5,
  async get(index) {
    await new Promise((resolve) => setTimeout(resolve, 5 - index));
    if (index === 2) throw new CorruptSampleError("2", "broken");
    return 10 * index;
  },
};

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("readSamples", () => {
  it("keeps the order, names what is broken and leaves it out", async () => {
    const corrupt: string[] = [];
    expect(await all(readSamples(dataset, { onCorrupt: ({ id }) => corrupt.push(id) }))).toEqual([0, 10, 30, 40]);
    expect(corrupt).toEqual(["2"]);
  });

  it("reads the rows that are asked for", async () => {
    expect(await all(readSamples(dataset, { rows: [4, 2, 0], concurrency: 1 }))).toEqual([40, 0]);
  });

  it("throws what is no broken sample, and stops when told", async () => {
    const failing = { length: 1, get: () => Promise.reject(new Error("no disk")) };
    await expect(all(readSamples(failing))).rejects.toThrow("no disk");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(all(readSamples(dataset, { signal }))).rejects.toThrow("enough");
  });
});
