import type { Dataset } from "@autodidact/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryCorpus } from "../testing/memory-corpus.js";
import type { TextBlock } from "./examples.js";
import { textBlocks } from "./text-blocks.js";

async function all(blocks: Dataset<TextBlock>): Promise<number[][]> {
  const ids: number[][] = [];
  for (let index = 0; index < blocks.length; index += 1) {
    ids.push([...(await blocks.get(index)).ids]);
    expect(blocks.size!(index)).toBe(ids[index]!.length);
  }
  expect(new Set(ids.map((_, index) => blocks.id!(index))).size).toBe(ids.length);
  return ids;
}

const documents = [
  [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10]],
  [[11], [12]],
];

test("packed: full blocks across sentences and documents; a last shorter one is left out", async () => {
  const corpus = memoryCorpus(documents);
  expect(await all(textBlocks(corpus, { length: 7 }))).toEqual([
    [1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10],
  ]);
  expect(await all(textBlocks(corpus, { length: 8, separator: 0 }))).toEqual([
    [1, 2, 3, 4, 5, 6],
    [7, 8, 9, 10, 0, 11],
  ]);
  expect(await all(textBlocks(corpus, { length: 100 }))).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]);
});

test("not packed: whole sentences of one document, longer ones cut", async () => {
  const corpus = memoryCorpus(documents);
  expect(await all(textBlocks(corpus, { length: 6, packed: false }))).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10],
    [11, 12],
  ]);
  expect(await all(textBlocks(corpus, { length: 12, packed: false }))).toEqual([documents[0]!.flat(), [11, 12]]);
});

test("any documents: every token once, in order, never more than fit, never from two documents", async () => {
  const document = fc.array(fc.array(fc.constant(0), { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 3, max: 12 }),
      async (drawn, length) => {
        let next = 0; // tokens are their places, and 1000 more in each document
        const numbered = drawn.map((sentences, d) => sentences.map((ids) => ids.map(() => 1000 * d + next++)));
        const blocks = await all(textBlocks(memoryCorpus(numbered), { length, packed: false }));
        expect(blocks.flat()).toEqual(numbered.flat(2));
        const starts = new Set(numbered.flat().map(([first]) => first));
        for (const [place, ids] of blocks.entries()) {
          expect(ids.length).toBeLessThanOrEqual(length - 2);
          expect(new Set(ids.map((id) => numbered.findIndex((sentences) => sentences.flat().includes(id)))).size).toBe(
            1,
          );
          const follower = blocks[place + 1];
          if (follower !== undefined && !starts.has(follower[0])) expect(ids.length).toBe(length - 2); // cut only where it must be
        }
      },
    ),
  );
});

test("what cannot work is refused", () => {
  expect(() => textBlocks(memoryCorpus(documents), { length: 2 })).toThrow(
    "length must be a whole number from 3, got 2",
  );
  expect(() => textBlocks(memoryCorpus([]), { length: 8 })).toThrow("must have tokens, got none");
});
