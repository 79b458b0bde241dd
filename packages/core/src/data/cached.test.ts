import { expect, test } from "vitest";
import { cached } from "./cached.js";
import type { Dataset } from "./dataset.js";

function counting(): { dataset: Dataset<Float32Array>; reads: number[] } {
  const reads: number[] = [];
  const get = async (index: number) => {
    reads.push(index);
    return new Float32Array(250).fill(index); // 1000 bytes
  };
  return { dataset: { length: 3, get, id: (index) => `file ${index}` }, reads };
}

test("a sample is decoded once", async () => {
  const { dataset, reads } = counting();
  const kept = cached(dataset);
  for (const index of [0, 1, 0, 1, 2, 2]) expect((await kept.get(index))[0]).toBe(index);
  expect(reads).toEqual([0, 1, 2]);
  expect(kept.length).toBe(3);
  expect(kept.id?.(2)).toBe("file 2");
});

test("what does not fit is decoded again", async () => {
  const { dataset, reads } = counting();
  const kept = cached(dataset, { maxBytes: 2500 });
  for (const index of [0, 1, 2, 0, 1, 2]) await kept.get(index);
  expect(reads).toEqual([0, 1, 2, 2]);
});
