import { beforeAll, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openLabelledTexts } from "./open-labelled-texts.js";

const folder = useTemporaryFolder();
beforeAll(async () => {
  for (const part of ["train", "test"]) {
    const rows = Array.from({ length: 20 }, (_, i) => `The ${part} number ${i}\t${i % 2 === 0 ? "good" : "bad"}`);
    await folder.write(`opinions/${part}.tsv`, `${rows.join("\n")}\n`);
  }
  await folder.write("alone/train.csv", "text,label\na,x\nb,y\n");
  await folder.write("one.tsv", "a\tyes\nb\tyes\n");
});

const countsOf = (labels: Int32Array) => [0, 1].map((label) => labels.filter((l) => l === label).length);

it("reads both parts of a folder, with the classes of the first", async () => {
  const { classes, train, test, isTestHeldOut } = await openLabelledTexts(folder.path("opinions"));
  expect(classes).toEqual(["bad", "good"]);
  expect([countsOf(train.labels), countsOf(test.labels), isTestHeldOut]).toEqual([[10, 10], [10, 10], false]);
  expect(test.examples[3]).toBe("The test number 3");
  expect(train.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(train.hash).not.toBe(test.hash);
});

it("holds out a fifth of each class of a single file, the same every time", async () => {
  const path = folder.path("opinions/train.tsv");
  const [one, two] = [await openLabelledTexts(path), await openLabelledTexts(path)];
  expect([countsOf(one.train.labels), countsOf(one.test.labels), one.isTestHeldOut]).toEqual([[8, 8], [2, 2], true]);
  expect(one.test.hash).toBe(two.test.hash);
});

it("takes the first of each class to learn from, and another file to test on where one is named", async () => {
  const test = folder.path("opinions/test.tsv");
  const data = await openLabelledTexts(folder.path("opinions/train.tsv"), { perClass: 3, test });
  expect([countsOf(data.train.labels), countsOf(data.test.labels)]).toEqual([
    [3, 3],
    [10, 10],
  ]);
  expect(data.train.examples[0]).toBe("The train number 0");
});

it("asks for a test part beside a training part, and for two classes", async () => {
  await expect(openLabelledTexts(folder.path("alone"))).rejects.toThrow("no test part. Put test.tsv");
  await expect(openLabelledTexts(folder.path("one.tsv"))).rejects.toThrow("needs at least two classes, found yes");
});
