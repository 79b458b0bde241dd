import { beforeAll, describe, expect, it } from "vitest";
import type { Image } from "../image.js";
import { plain } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openLabelledImages } from "./open-labelled-images.js";

const folder = useTemporaryFolder();
const CLASSES = ["blue", "green", "red"];
beforeAll(async () => {
  for (const [part, count] of [
    ["train", 10],
    ["test", 4],
  ] as const) {
    for (const [label, name] of CLASSES.entries()) {
      for (let i = 0; i < count; i++) {
        const png = await plain([40 * label, 10 * i, part === "test" ? 9 : 0])
          .png()
          .toBuffer();
        await folder.write(`images/${part}/${name}/00${i}.png`, png);
      }
    }
  }
});

const countsOf = (labels: Int32Array) => [0, 1, 2].map((label) => labels.filter((l) => l === label).length);
const ids = (images: readonly Image[]) => images.map(({ id }) => id);

describe("openLabelledImages", () => {
  it("reads both parts, with the folders' names as classes", async () => {
    const { classes, train, test, isTestHeldOut } = await openLabelledImages(folder.path("images"));
    expect(classes).toEqual(CLASSES);
    expect(countsOf(train.labels)).toEqual([10, 10, 10]);
    expect(countsOf(test.labels)).toEqual([4, 4, 4]);
    expect(isTestHeldOut).toBe(false);
    expect(train.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(train.hash).not.toBe(test.hash);
  });

  it("takes the first of each class, of the training part only", async () => {
    const { train, test } = await openLabelledImages(folder.path("images"), { perClass: 2 });
    expect(ids(train.examples).map((id) => id.slice(-7))).toEqual(Array(3).fill(["000.png", "001.png"]).flat());
    expect(test.examples.length).toBe(12);
  });

  it("holds out a fifth of each class where there is no test part, the same fifth every time", async () => {
    const open = () => openLabelledImages(folder.path("images/train"));
    const [{ train, test, isTestHeldOut }, again] = [await open(), await open()];
    expect(isTestHeldOut).toBe(true);
    expect([countsOf(train.labels), countsOf(test.labels)]).toEqual([
      [8, 8, 8],
      [2, 2, 2],
    ]);
    expect(ids(train.examples).filter((id) => ids(test.examples).includes(id))).toEqual([]);
    expect(again.test.hash).toBe(test.hash);
  });

  it("names an image that cannot be read, and stops where there are too many", async () => {
    await folder.write("images/train/green/000.png", "");
    const told: string[] = [];
    const onCorrupt = ({ id }: { id: string }) => told.push(id);
    await expect(openLabelledImages(folder.path("images"), { onCorrupt, maxCorrupt: 0 })).rejects.toThrow(
      /at most 0 of 30 images may be broken, and 1 cannot be read:\n.*000\.png/,
    );
    expect(told).toEqual(["green/000.png"]);
    const { train } = await openLabelledImages(folder.path("images")); // one of 30 is few enough
    expect(countsOf(train.labels)).toEqual([10, 9, 10]);
  });

  it("asks for labels where there are none, and for the same classes in both parts", async () => {
    await expect(openLabelledImages(folder.path("images/test/green"))).rejects.toThrow(
      "must have labels, and has none",
    );
    const png = await plain([0, 0, 0]).png().toBuffer();
    for (const name of ["train/a/0", "train/b/0", "test/a/0", "test/c/0"])
      await folder.write(`uneven/${name}.png`, png);
    await expect(openLabelledImages(folder.path("uneven"))).rejects.toThrow(
      "every class of the test part of " +
        folder.path("uneven") +
        " must be in its train part too, and c is not: train has a, b.",
    );
  });
});
