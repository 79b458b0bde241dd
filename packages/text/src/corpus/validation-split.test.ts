import fc from "fast-check";
import { expect, test } from "vitest";
import type { Document } from "../documents/documents.js";
import { collect } from "../testing/collect.js";
import { givenDocuments } from "../testing/given-documents.js";
import { splitDocuments } from "./validation-split.js";

const split = (documents: readonly Document[], share: number) =>
  collect(splitDocuments(givenDocuments(documents), share));

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `${n}.txt`, text: `text ${n}` }));

test("one document is cut as nanoGPT cuts it: text[: int(n * 0.9)]", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 2, maxLength: 300 }), async (text) => {
      const parts = await split([{ id: "a", text }], 0.1);
      const joined = (isHeldOut: boolean) =>
        parts
          .filter((part) => part.isHeldOut === isHeldOut)
          .map((part) => part.text)
          .join("");
      expect(joined(false)).toBe(text.slice(0, Math.floor(text.length * 0.9)));
      expect(joined(true)).toBe(text.slice(Math.floor(text.length * 0.9)));
      expect(parts.some(({ continues }) => continues)).toBe(false);
    }),
  );
});

test("few documents: the end of the last ones, also where they come in parts; a character is not cut", async () => {
  const parts = [
    { id: "a", text: "0123456789" },
    { id: "b", text: "abcde" },
    { id: "b", text: "fghij", continues: true as const },
  ];
  expect(await split(parts, 0.4)).toEqual([
    { id: "a", text: "0123456789", isHeldOut: false },
    { id: "b", text: "ab", isHeldOut: false },
    { id: "b", text: "cde", isHeldOut: true },
    { id: "b", text: "fghij", continues: true, isHeldOut: true },
  ]);
  expect((await split(parts, 0.2)).at(-1)).toEqual({ id: "b", text: "ghij", isHeldOut: true });
  expect(await split([{ id: "c", text: "ab🙂d" }], 0.4)).toEqual([
    { id: "c", text: "ab", isHeldOut: false },
    { id: "c", text: "🙂d", isHeldOut: true },
  ]);
  expect((await split(parts, 0)).every(({ isHeldOut }) => !isHeldOut)).toBe(true);
});

test.each([10, 25, 99, 100, 3000])("of %i documents about a tenth, the same in any order", async (count) => {
  const documents = numbered(count);
  const heldOut = async (some: Document[]) =>
    (await split(some, 0.1))
      .filter((part) => part.isHeldOut)
      .map(({ id }) => id)
      .sort();
  const chosen = await heldOut(documents);
  expect(Math.abs(chosen.length - count / 10)).toBeLessThanOrEqual(count < 100 ? 0.5 : 3 * Math.sqrt(count * 0.09));
  expect(await heldOut([...documents].reverse())).toEqual(chosen);
});

test("more documents do not move those that were held out", async () => {
  const heldOut = async (count: number) =>
    new Set((await split(numbered(count), 0.1)).filter((part) => part.isHeldOut).map(({ id }) => id));
  const [fewer, more] = [await heldOut(1000), await heldOut(2000)];
  for (const id of fewer) expect(more.has(id)).toBe(true);
});

test("with no share nothing is held out", async () => {
  for (const count of [1, 50, 200])
    expect((await split(numbered(count), 0)).every(({ isHeldOut }) => !isHeldOut)).toBe(true);
});
