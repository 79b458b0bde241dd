import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryCorpus } from "../testing/memory-corpus.js";
import { scoredWindows } from "./scored-windows.js";

const corpus = memoryCorpus([[[1, 2, 3], [4]], [[5, 6]]]);
const all = async (windows: ReturnType<typeof scoredWindows>) =>
  Promise.all(Array.from({ length: windows.length }, (_, index) => windows.get(index)));

test("by hand: every token is predicted once, the end too", async () => {
  expect(await all(scoredWindows(corpus, { length: 3 }))).toEqual([
    { ids: Int32Array.of(1, 2, 3, 4), labels: Int32Array.of(2, 3, 4) },
    { ids: Int32Array.of(4, 5, 6), labels: Int32Array.of(5, 6) },
  ]);
});

test("by hand: a separator lets first tokens be predicted and is not; a stride gives more to read", async () => {
  expect(await all(scoredWindows(corpus, { length: 4, stride: 2, separator: 9 }))).toEqual([
    { ids: Int32Array.of(9, 1, 2, 3, 4), labels: Int32Array.of(1, 2, 3, 4) },
    { ids: Int32Array.of(2, 3, 4, 9, 5), labels: Int32Array.of(-100, -100, -100, 5) },
    { ids: Int32Array.of(4, 9, 5, 6), labels: Int32Array.of(-100, -100, 6) },
  ]);
});

test("any text, length and stride: its tokens in order, each once, from those right before it", async () => {
  const document = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(undefined, 99),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      async (documents, separator, length, stride) => {
        const tokens = documents.flat(2);
        fc.pre(stride <= length && tokens.length > 1);
        const windows = await all(scoredWindows(memoryCorpus(documents), { length, stride, separator }));
        const scored = windows.flatMap(({ labels }) => Array.from(labels!).filter((label) => label >= 0));
        expect(scored).toEqual(separator === undefined ? tokens.slice(1) : tokens);
        for (const { ids, labels } of windows) {
          expect(ids.length).toBeLessThanOrEqual(length + 1);
          expect([...labels!].every((label, place) => label === -100 || label === ids[place + 1])).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("what cannot work is refused", () => {
  expect(() => scoredWindows(corpus, { length: 3, stride: 4 })).toThrow("stride one from 1 to length, got 3 and 4");
  expect(() => scoredWindows(memoryCorpus([[[1]]]), { length: 3 })).toThrow("a token with one before it, got 1");
});
