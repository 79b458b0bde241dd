import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { encodePng } from "@autodidact/core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usualPreset } from "../augment/preset-augment.js";
import { examineImages, openPretrainImages } from "./pretrain-images.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterAll(() => rm(folder, { recursive: true }));

const png = (width: number, height: number, channels: 1 | 3) =>
  encodePng({ pixels: new Uint8Array(width * height * channels).fill(99), width, height, channels });

async function holding(files: readonly Uint8Array[]): Promise<string> {
  const path = await mkdtemp(join(folder, "data-"));
  await Promise.all(files.map((bytes, place) => writeFile(join(path, `${100 + place}.png`), bytes)));
  return path;
}

describe("examineImages", () => {
  it("is not moved by the first file: a pixel among photographs", async () => {
    const path = await holding([png(1, 1, 3), ...Array(11).fill(png(40, 30, 3))]);
    const { facts, originalSide, found } = await examineImages(path);
    expect([facts.size, facts.channels, facts.length, originalSide]).toEqual([30, 3, 12, 30]);
    expect(found.remarks).toEqual([
      "sizes of 12 images: most 40 × 30 (11), smallest 1 × 1, largest 40 × 30",
      "1 of 12 images is smaller than 30 × 30 and is enlarged",
    ]);
  });

  it("knows the white of files that are no bytes, and that others have none in common", async () => {
    const deep = await sharp(new Uint16Array(64).fill(9), { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    const whiteOf = async (files: readonly Uint8Array[], told = {}) =>
      (await examineImages(await holding(files), told)).facts.white;
    expect(await whiteOf([deep, deep])).toBe(65_535);
    expect(await whiteOf([deep, png(8, 8, 1)])).toBeNull();
    expect(await whiteOf([png(8, 8, 1)])).toBeUndefined();
    expect(await whiteOf([deep], { window: { center: 5, width: 10 } })).toBeUndefined();
  });

  it("takes gray PNGs for gray: one channel, and the augmentation of digits", async () => {
    const path = await holding(Array(4).fill(png(28, 28, 1)));
    const { facts } = await examineImages(path);
    expect([facts.size, facts.channels]).toEqual([28, 1]);
    expect(usualPreset(facts)).toBe("digits");
    expect(await (await openPretrainImages(facts)).get(0)).toMatchObject({ height: 28, channels: 1 });
  });

  it("takes three channels where one image has colours, and says that the gray ones get them", async () => {
    const { facts, found } = await examineImages(await holding([...Array(5).fill(png(28, 28, 1)), png(28, 28, 3)]));
    expect(facts.channels).toBe(3);
    expect(found.remarks?.[1]).toBe("5 of 6 images are gray: they get three equal channels");
  });

  it("opens images at the side that they are kept at, within the pixels that are allowed", async () => {
    const path = await holding([png(200, 150, 3)]);
    const { facts } = await examineImages(path, { imageSize: 32, maxPixels: 30_000 });
    expect(facts).toMatchObject({ size: 32, maxPixels: 30_000 });
    expect(await (await openPretrainImages(facts)).get(0)).toMatchObject({ height: 32, width: 32 });
    expect(await (await openPretrainImages({ ...facts, storeSize: 100 })).get(0)).toMatchObject({ height: 100 });
    const small = await openPretrainImages({ ...facts, maxPixels: 29_999 });
    await expect(small.get(0)).rejects.toThrow("200 × 150 pixels, more than maxPixels = 29999");
    await expect(examineImages(path, { maxPixels: 29_999 })).rejects.toThrow("none is");
  });
});

/** `{ "train/a/1.png": side }` */
async function tree(files: Readonly<Record<string, number>>): Promise<string> {
  const path = await mkdtemp(join(folder, "tree-"));
  for (const [name, side] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), png(side, side, 3));
  }
  return path;
}

describe("what pretraining learns from", () => {
  it("is all of a set without parts, else the training part and what has no labels; never what is for testing", async () => {
    const learned = async (files: Record<string, number>) => {
      const { facts, found } = await examineImages(await tree(files));
      return [facts.split, facts.length, ...found.reading!];
    };
    expect(await learned({ "1.png": 9, "a/2.png": 9 })).toEqual([null, 2]);
    expect(await learned({ "train/1.png": 9, "val/2.png": 9, "test/3.png": 9 })).toEqual([
      "train",
      1,
      "learns from train, not from validation and test",
    ]);
    expect(
      await learned({ "train/a/1.png": 9, "unlabeled/2.png": 9, "unlabeled/3.png": 9, "test/a/4.png": 9 }),
    ).toEqual([["train", "unlabelled"], 3, "learns from train and unlabelled, not from test"]);
    await expect(learned({ "test/1.png": 9 })).rejects.toThrow("holds test images alone, which are for testing");
  });

  it("is settled by the layout where folders leave it open", async () => {
    const path = await tree({ "train/1.png": 9, "photos/2.png": 9 });
    await expect(examineImages(path)).rejects.toThrow(
      /Choose \{ layout: "parts" \} \(the others are passed over\) or \{ layout: "classes" \}/,
    );
    const { facts } = await examineImages(path, { layout: "parts", maxCorrupt: 3 });
    expect(facts).toMatchObject({ split: "train", layout: "parts", maxCorrupt: 3, length: 1 });
    const images = await openPretrainImages(facts);
    expect([images.length, images.id!(0)]).toEqual([1, "1.png"]);
  });

  it("is known by what its files hold, of the chosen images alone, and remembered in the run", async () => {
    const path = await tree({ "a/1.png": 9, "a/2.png": 9, "b/3.png": 9, "b/4.png": 9 });
    const { facts } = await examineImages(path, { perClass: 1 });
    const run = await mkdtemp(join(folder, "run-"));
    const contents = async () => (await openPretrainImages(facts, { run })).contents!();
    const before = await contents();
    expect(await readFile(join(run, "data-contents.json"), "utf8")).toContain(before);
    await writeFile(join(path, "a/2.png"), png(8, 8, 3)); // not one of the first of each class
    expect(await contents()).toBe(before);
    await writeFile(join(path, "a/1.png"), png(8, 8, 3));
    expect(await contents()).not.toBe(before);
  });
});
