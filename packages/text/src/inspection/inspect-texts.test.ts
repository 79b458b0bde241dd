import { expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { inspectTexts } from "./inspect-texts.js";
import { likeness, sketchOf } from "./near-duplicates.js";

const folder = useTemporaryFolder();

test("likeness is the share of common shingles: abcdef and bcdefg have 1 of 3 in common", () => {
  expect(likeness(sketchOf("abcdef"), sketchOf("bcdefg"))).toBeCloseTo(1 / 3); // abcde bcdef | bcdef cdefg
  expect(likeness(sketchOf("One, two!"), sketchOf("one TWO"))).toBe(1);
  expect(likeness(sketchOf(""), sketchOf(""))).toBe(1);
  const words = (from: number) => Array.from({ length: 200 }, (_, i) => `w${(i + from) * 7919}`).join(" ");
  expect(likeness(sketchOf(words(0)), sketchOf(words(1)))).toBeGreaterThan(0.8);
  expect(likeness(sketchOf(words(0)), sketchOf(words(500)))).toBeLessThan(0.3);
});

test("labelled parts: classes, sizes in quarters, what is broken, and what stands in both parts", async () => {
  const rows = Array.from({ length: 12 }, (_, i) => `${"word ".repeat(i + 1)}number${i * 7919 * (i + 1)}\t${i % 2}`);
  const train = [...rows, "The river flows to the sea near the old harbour of the town today\t1"];
  const test = [
    "A text of its own entirely\t0",
    rows[5]!,
    "the river flows to the sea near the old harbour of the town, today!\t1",
    "torn",
  ];
  await folder.write("set/train.tsv", train.join("\n"));
  await folder.write("set/dev.tsv", test.join("\n"));
  const { found, broken, sizes, duplicates } = await inspectTexts(folder.path("set"));
  expect(found.parts).toEqual([
    { name: "train", files: 1, examples: 13, perClass: [6, 7] },
    { name: "validation", files: 1, examples: 3, perClass: [1, 2] },
  ]);
  expect(broken.map(({ message }) => message)).toEqual([
    "dev.tsv, line 4: it must have 2 fields as the first line has, got 1",
  ]);
  expect(sizes.reduce((sum, { count }) => sum + count, 0)).toBe(16);
  expect(sizes[0]).toEqual({ size: "2 to 5 words", count: 4 });
  expect(duplicates.slice(0, 2)).toEqual([
    { first: { id: "train.tsv:6", part: "train" }, second: { id: "dev.tsv:2", part: "validation" }, isExact: true },
    { first: { id: "train.tsv:13", part: "train" }, second: { id: "dev.tsv:3", part: "validation" }, isExact: false },
  ]);
});

test("documents: all that is broken is listed, however many; equal ones are found", async () => {
  for (let i = 0; i < 30; i += 1)
    await folder.write(`notes/${10 + i}.txt`, i < 25 ? "" : `Note ${i % 2 ? "odd" : "even"}`);
  const { found, broken, duplicates } = await inspectTexts(folder.path("notes"));
  expect([found.parts[0], broken.length]).toEqual([{ name: "all", files: 30, examples: 5, perClass: [] }, 25]);
  expect(duplicates.map(({ first, second, isExact }) => [first.id, second.id, isExact])).toEqual([
    ["35.txt", "37.txt", true],
    ["36.txt", "38.txt", true],
    ["35.txt", "39.txt", true],
  ]);
});

test("a table without labels is documents, by its column; what is neither says why", async () => {
  const lines = Array.from({ length: 5 }, (_, i) => JSON.stringify({ text: `Text ${i}`, id: i })).join("\n");
  const path = await folder.write("a.jsonl", lines);
  expect((await inspectTexts(path)).found.columns).toEqual({ text: "text" });
  const other = await folder.write("b.jsonl", lines.replaceAll("text", "words"));
  await expect(inspectTexts(other)).rejects.toThrow("must have a column of classes. Its columns: words, id");
  expect((await inspectTexts(other, { column: "words" })).found.parts[0]!.examples).toBe(5);
  await expect(inspectTexts(folder.path("nowhere"))).rejects.toThrow("cannot be opened");
});
