import type { FoundData } from "@autodidact/core";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { readImages } from "./read-images.js";

const folder = useTemporaryFolder();
const png = () =>
  sharp({ create: { width: 4, height: 4, channels: 3, background: "#123" } })
    .png()
    .toBuffer();

async function namesIn(set: string, files: readonly string[]): Promise<(string | undefined)[]> {
  for (const file of files) await folder.write(`${set}/${file}`, await png());
  const images = await readImages(folder.path(set), { size: 4 });
  const names: (string | undefined)[] = [];
  for await (const image of images) names.push(`${image.id}: ${images.className(image)}`);
  expect(images.length).toBe(files.length);
  return names.sort();
}

describe("readImages", () => {
  it("names the class of each image, of folders in parts too", async () => {
    expect(await namesIn("classes", ["cat/1.png", "dog/2.png"])).toEqual(["cat/1.png: cat", "dog/2.png: dog"]);
    expect(await namesIn("parts", ["train/cat/1.png", "train/dog/2.png", "test/dog/3.png"])).toEqual([
      "test/dog/3.png: dog",
      "train/cat/1.png: cat",
      "train/dog/2.png: dog",
    ]);
  });

  it("leaves masks out that stand beside their images, and says so", async () => {
    for (const file of ["images/1.png", "masks/1.png", "2.png", "2_mask.png", "3_mask.png"])
      await folder.write(`masked/${file}`, await png());
    const told: unknown[] = [];
    const onFound = ({ passedOver }: FoundData) => void told.push(...passedOver);
    const ids: string[] = [];
    for await (const { id } of await readImages(folder.path("masked"), { size: 4, onFound })) ids.push(id);
    expect(ids.sort()).toEqual(["2.png", "3_mask.png", "images/1.png"]);
    expect(told).toEqual([expect.objectContaining({ count: 2, what: "masks beside the images" })]);
  });

  it("reads what has no classes, or not clearly", async () => {
    expect(await namesIn("loose", ["1.png", "2.png"])).toEqual(["1.png: undefined", "2.png: undefined"]);
    expect(await namesIn("mixed", ["train/cat/1.png", "train/dog/2.png", "unlabeled/3.png"])).toEqual([
      "train/cat/1.png: undefined",
      "train/dog/2.png: undefined",
      "unlabeled/3.png: undefined",
    ]);
  });
});
