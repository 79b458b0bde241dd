import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeOpinions } from "../testing/small-texts.js";
import { openTextTask } from "./labelled-text.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "texts-"));
  await writeOpinions(join(folder, "opinions"));
  await writeFile(join(folder, "train.csv"), "text,label\na,x\nb,y\n");
});
afterAll(() => rm(folder, { recursive: true }));

const quiet = { print: () => {} };
const countsOf = (labels: Int32Array) => [0, 1].map((label) => labels.filter((l) => l === label).length);

it("reads both parts of a folder, with the classes of the first", async () => {
  const { classes, train, test, isTestHeldOut } = await openTextTask(join(folder, "opinions"), quiet);
  expect(classes).toEqual(["bad", "good"]);
  expect([countsOf(train.labels), countsOf(test.labels), isTestHeldOut]).toEqual([[10, 10], [10, 10], false]);
  expect(train.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(train.hash).not.toBe(test.hash);
});

it("holds out a fifth of each class of a single file, the same every time", async () => {
  const path = join(folder, "opinions", "train.tsv");
  const [one, two] = [await openTextTask(path, quiet), await openTextTask(path, quiet)];
  expect([countsOf(one.train.labels), countsOf(one.test.labels), one.isTestHeldOut]).toEqual([[8, 8], [2, 2], true]);
  expect(one.test.hash).toBe(two.test.hash);
});

it("takes the first of each class to learn from, and another file to test on where one is named", async () => {
  const test = join(folder, "opinions", "test.tsv");
  const task = await openTextTask(join(folder, "opinions", "train.tsv"), { ...quiet, perClass: 3, test });
  expect([countsOf(task.train.labels), countsOf(task.test.labels)]).toEqual([
    [3, 3],
    [10, 10],
  ]);
});

it("asks for a test part beside a training part", async () => {
  await expect(openTextTask(folder, quiet)).rejects.toThrow("no test part. Put test.tsv");
});
