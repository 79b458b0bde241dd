import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePng } from "@autodidact/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLabelledImages } from "./open-labelled-images.js";
import { surveyImages } from "./survey-images.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await mkdir(at("images"));
  for (let i = 0; i < 12; i++)
    await writeFile(
      at(`images/${i}.png`),
      encodePng({ pixels: new Uint8Array(12).fill(20 * i), height: 2, width: 2, channels: 3 }),
    );
});
afterAll(() => rm(folder, { recursive: true }));

const table = async (name: string, head: string, row: (i: number) => string) => {
  await writeFile(at(name), [head, ...Array.from({ length: 12 }, (_, i) => row(i))].join("\n"));
  return at(name);
};

it("reads classes and parts from columns", async () => {
  const path = await table(
    "told.csv",
    "path,label,split,colour",
    (i) => `images/${i}.png,${i % 2 === 0 ? "even" : "odd"},${i < 8 ? "train" : "test"},red`,
  );
  const { classes, train, test, isTestHeldOut, found } = await openLabelledImages(path);
  expect([classes, isTestHeldOut, found?.kind]).toEqual([["even", "odd"], false, "images named by told.csv"]);
  expect(found?.columns).toEqual({ file: "path", label: "label", part: "split" });
  expect(test.examples.map(({ id }) => id)).toEqual([8, 9, 10, 11].map((i) => `images/${i}.png`));
  expect([...train.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  expect([...test.examples[0]!.pixels].every((value) => value === 160)).toBe(true);
});

it("holds out a fifth without parts, takes a column of another name, and counts rows without a file", async () => {
  const path = await table(
    "kinds.csv",
    "file name,kind",
    (i) => `${i === 11 ? "images/gone.png" : `images/${i}.png`},${i % 2}`,
  );
  const { train, test, isTestHeldOut, found } = await openLabelledImages(path, { labelColumn: "kind" });
  expect([train.labels.length + test.labels.length, isTestHeldOut]).toEqual([11, true]);
  expect(found?.passedOver).toEqual([
    { what: "rows whose file is missing", count: 1, names: [expect.stringContaining("gone.png")] },
  ]);
});

it("refuses what is unclear, and an image in two parts", async () => {
  const twice = await table("twice.csv", "path,label,class", (i) => `images/${i}.png,a,b`);
  await expect(openLabelledImages(twice)).rejects.toThrow('choose { labelColumn: "label" }');
  expect((await surveyImages(twice)).parts).toEqual(["all"]); // learning without labels asks for none
  await expect(openLabelledImages(twice, { labelColumn: "kind" })).rejects.toThrow("must have a column kind");
  const leaks = await table("leaks.csv", "path,label,split", (i) => `images/0.png,a,${i < 6 ? "train" : "test"}`);
  await expect(openLabelledImages(leaks)).rejects.toThrow("images/0.png in one part alone, got train and test");
  const parts = await table("parts.csv", "path,label,split", (i) => `images/${i}.png,a,here`);
  await expect(openLabelledImages(parts)).rejects.toThrow('got "here" in parts.csv:2');
});
