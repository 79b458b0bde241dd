import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Image } from "@autodidact/vision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStripes } from "../testing/stripes.js";
import { openTask, rawPixels } from "./labelled-images.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "images-"));
  await writeStripes(folder, { trainPerClass: 10, testPerClass: 4 });
});
afterAll(() => rm(folder, { recursive: true }));

const said: string[] = [];
const options = { size: 8, channels: 3 as const, say: (text: string) => said.push(text) };
const countsOf = (labels: Int32Array) => [0, 1, 2].map((label) => labels.filter((l) => l === label).length);

describe("openTask", () => {
  it("reads both parts, with the folders' names as classes", async () => {
    const { classes, train, test, isTestHeldOut } = await openTask(folder, options);
    expect(classes).toEqual(["lean", "lie", "stand"]);
    expect(countsOf(train.labels)).toEqual([10, 10, 10]);
    expect(countsOf(test.labels)).toEqual([4, 4, 4]);
    expect(isTestHeldOut).toBe(false);
    expect(train.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(train.hash).not.toBe(test.hash);
  });

  it("takes the first of each class, of the training part only", async () => {
    const { train, test } = await openTask(folder, { ...options, perClass: 2 });
    expect(train.images.map(({ id }) => id.slice(-7))).toEqual(Array(3).fill(["000.png", "001.png"]).flat());
    expect(test.images.length).toBe(12);
  });

  it("holds out a fifth of each class where there is no test part, the same fifth every time", async () => {
    const tasks = [await openTask(join(folder, "train"), options), await openTask(join(folder, "train"), options)];
    const [{ train, test, isTestHeldOut }] = tasks as [(typeof tasks)[0]];
    expect(isTestHeldOut).toBe(true);
    expect([countsOf(train.labels), countsOf(test.labels)]).toEqual([
      [8, 8, 8],
      [2, 2, 2],
    ]);
    const ids = (images: readonly Image[]) => images.map(({ id }) => id);
    expect(ids(train.images).filter((id) => ids(test.images).includes(id))).toEqual([]);
    expect(tasks[1]!.test.hash).toBe(test.hash);
  });

  it("skips and names an image that cannot be read, and stops where there are too many", async () => {
    const broken = join(folder, "train", "lie", "000.png");
    await writeFile(broken, "");
    await expect(openTask(folder, options)).rejects.toThrow(/1 of 30 images cannot be read, more than 1 %.*000\.png/);
    expect(said.at(-1)).toContain("lie/000.png");
  });

  it("asks for labels where there are none", async () => {
    await expect(openTask(join(folder, "test", "lie"), options)).rejects.toThrow("evaluation needs labels");
  });
});

describe("rawPixels", () => {
  const image = (size: number, value: (x: number, y: number) => number): Image => ({
    id: "",
    pixels: Uint8Array.from({ length: size * size }, (_, i) => value(i % size, Math.floor(i / size))),
    height: size,
    width: size,
    channels: 1,
  });

  it("are the bytes from 0 to 1", () => {
    const { values, count, size } = rawPixels([image(2, (x, y) => 51 * (x + 2 * y))]);
    expect([count, size]).toEqual([1, 4]);
    [0, 0.2, 0.4, 0.6].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 6);
    });
  });

  it("are averaged down to at most 32 by 32: halves of 64 pixels by twos", () => {
    const { values, size } = rawPixels([image(64, (x) => (x < 32 ? 255 : x % 2 === 0 ? 102 : 0))]);
    expect(size).toBe(32 * 32);
    expect([values[0], values[15], values[16], values[31]].map((v) => Number(v!.toFixed(5)))).toEqual([1, 1, 0.2, 0.2]);
  });
});
