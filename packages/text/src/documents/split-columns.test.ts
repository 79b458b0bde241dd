import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { readLabelledSet } from "./labelled-set.js";
import { openDocuments } from "./open-documents.js";
import { isSplitName, splitRemark } from "./split-columns.js";

const folder = useTemporaryFolder();
const said = "the column split (train, test) is not read: to keep these parts apart, put each in a file of its own";
const row = (i: number) => ({
  text: `The rain ${i} had ceased, and they went on.`,
  label: i % 2,
  split: i % 4 === 3 ? "test" : "train",
});
const rows = Array.from({ length: 40 }, (_, i) => row(i));

test.each([
  ["a.csv", `text,label,split\n${rows.map(({ text, label, split }) => `"${text}",${label},${split}`).join("\n")}\n`],
  ["a.jsonl", rows.map((one) => `${JSON.stringify(one)}\n`).join("")],
])("%s: a column of parts is told, with and without labels", async (name, bytes) => {
  const path = folder.path(name);
  await writeFile(path, bytes);
  expect((await readLabelledSet(path)).found.remarks).toEqual([said]);
  expect((await openDocuments(path)).found!.remarks).toEqual([said]);
  expect((await openDocuments(path, { column: "split" })).found!.remarks).toBeUndefined();
});

test("names and values: what is no part is not told of", () => {
  expect(["Split", "fold", "data split", "is_test", "kfold"].map(isSplitName)).toEqual([true, true, true, true, true]);
  expect(["splitter", "folder", "asset", "offset"].map(isSplitName)).toEqual([false, false, false, false]);
  expect(
    splitRemark(
      "set",
      Array.from({ length: 21 }, (_, i) => String(i)),
    ),
  ).toBeUndefined();
  expect(splitRemark("fold", ["", ""])).toBeUndefined();
  expect(splitRemark("fold", ["0", "1", "0", "2", "3", "4", "5"])).toContain("fold (0, 1, 2, 3, 4, …)");
});
