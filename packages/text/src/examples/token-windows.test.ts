import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryCorpus } from "../testing/memory-corpus.js";
import { tokenWindows } from "./token-windows.js";

const corpus = memoryCorpus([[[1, 2, 3], [4]], [[5, 6]]]);

test("windows have one token more than is read, and start everywhere", async () => {
  const windows = tokenWindows(corpus, { length: 3 });
  expect(windows.length).toBe(3);
  expect(await Promise.all([0, 1, 2].map((index) => windows.get(index)))).toEqual([
    { ids: Int32Array.of(1, 2, 3, 4) },
    { ids: Int32Array.of(2, 3, 4, 5) },
    { ids: Int32Array.of(3, 4, 5, 6) },
  ]);
  expect(windows.id!(0)).not.toBe(windows.id!(1));
});

test("a separator stands between documents", async () => {
  const windows = tokenWindows(corpus, { length: 6, separator: 9 });
  expect(windows.length).toBe(1);
  expect(await windows.get(0)).toEqual({ ids: Int32Array.of(1, 2, 3, 4, 9, 5, 6) });
});

test("a stride leaves starts out, unless told so many that an epoch has 2^20", async () => {
  const strided = tokenWindows(corpus, { length: 1, stride: 4 });
  expect(strided.length).toBe(2);
  expect(await strided.get(1)).toEqual({ ids: Int32Array.of(5, 6) });
  const large = { ...corpus, tokens: 3 * 2 ** 20, read: async (from: number, to: number) => Int32Array.of(from, to) };
  const windows = tokenWindows(large, { length: 64 });
  expect(windows.length).toBe(2 ** 20 - 21); // starts 0, 3, … up to 3 × 2^20 − 65
  expect(await windows.get(windows.length - 1)).toEqual({ ids: Int32Array.of(3 * 2 ** 20 - 66, 3 * 2 ** 20 - 1) });
});

test("any place and separator: what stands there in the documents joined", async () => {
  const document = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(undefined, 99),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (documents, separator, length, stride) => {
        const row = documents.flatMap((sentences, d) => [
          ...(d > 0 && separator !== undefined ? [separator] : []),
          ...sentences.flat(),
        ]);
        fc.pre(row.length > length);
        const windows = tokenWindows(memoryCorpus(documents), { length, stride, separator });
        const expected: number[][] = [];
        for (let start = 0; start + length < row.length; start += stride)
          expected.push(row.slice(start, start + length + 1));
        expect(windows.length).toBe(expected.length);
        for (const [index, ids] of expected.entries()) expect([...(await windows.get(index)).ids]).toEqual(ids);
      },
    ),
    { numRuns: 300 },
  );
});

test("what cannot work is refused", () => {
  expect(() => tokenWindows(corpus, { length: 6 })).toThrow("more tokens than a window reads, got 6 and length 6");
  expect(() => tokenWindows(corpus, { length: 0 })).toThrow("whole numbers from 1, got 0 and 1");
});
