import { encodePng } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { plain } from "../testing/image-files.js";
import { drawShapes, imageFile, maskFile } from "../testing/shapes.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { maskPairs } from "./mask-pairs.js";
import { openSegmentation } from "./open-segmentation.js";

const folder = useTemporaryFolder();
const side = 16;
const mask = (values: readonly number[], width = 2) =>
  encodePng({ pixels: Uint8Array.from(values), width, height: values.length / width, channels: 1 });
const photo = (width = 2, height = width) => plain([200, 10, 10], width, height).png().toBuffer();

describe("openSegmentation", () => {
  it("pairs folders, in parts, and says classes and shares of pixels", async () => {
    for (const [part, count] of [
      ["train", 6],
      ["val", 2],
    ] as const) {
      for (let n = 0; n < count; n += 1) {
        const drawn = drawShapes(n, side);
        await folder.write(`parts/${part}/images/${n}.png`, imageFile(drawn, side));
        await folder.write(`parts/${part}/masks/${n}.png`, maskFile(drawn, side));
      }
    }
    await folder.write("parts/train/images/lonely.png", imageFile(drawShapes(9, side), side));
    await folder.write("parts/classes.txt", "background\ncircle\nsquare\n");
    const data = await openSegmentation(folder.path("parts"), { size: 8 });
    expect(data.classes).toEqual(["background", "circle", "square"]);
    expect([data.train.examples.length, data.test.examples.length, data.isTestHeldOut]).toEqual([6, 2, false]);
    const [first] = data.train.examples;
    expect([first!.pixels.length, first!.mask.length, first!.original]).toEqual([
      192,
      64,
      { height: side, width: side },
    ]);
    const { mask: drawn } = drawShapes(0, side);
    expect(first!.mask).toEqual(
      Uint8Array.from({ length: 64 }, (_, at) => drawn[(2 * Math.floor(at / 8) + 1) * side + 2 * (at % 8) + 1]!),
    );
    expect(data.found.reading).toEqual(["learns from train, tested on validation"]);
    expect(data.found.passedOver).toEqual([
      { what: "images without a mask", count: 1, names: ["train/images/lonely.png"] },
    ]);
    expect(data.found.remarks![0]).toMatch(
      /^pixels to learn from: background \d+\.\d %, circle \d+\.\d %, square \d+\.\d %$/,
    );
    expect(data.train.hash).toMatch(/^sha256:/);
  });

  it("takes masks beside images, holds out a fifth, and leaves 255 out", async () => {
    for (let n = 0; n < 10; n += 1) {
      await folder.write(`beside/${n}.png`, await photo());
      await folder.write(`beside/${n}_mask.png`, mask([0, 7, 255, 7]));
    }
    const data = await openSegmentation(folder.path("beside"), { size: 2 });
    expect([data.train.examples.length, data.test.examples.length, data.isTestHeldOut]).toEqual([8, 2, true]);
    expect([data.values, data.classes]).toEqual([
      [0, 7],
      ["0", "7"],
    ]);
    expect(data.train.examples[0]!.mask).toEqual(Uint8Array.of(0, 1, 255, 1));
    expect(data.found.remarks).toEqual(["pixels to learn from: 0 25.0 %, 7 50.0 %, none 25.0 %"]);
  });

  it("names a mask of another size, one of colours, and refuses what is unclear with the option", async () => {
    for (let n = 0; n < 6; n += 1) {
      await folder.write(`binary/images/${n}.png`, await photo());
      await folder.write(`binary/masks/${n}.png`, mask([0, 255, 255, 0]));
    }
    const open = (options = {}) => openSegmentation(folder.path("binary"), { size: 2, ...options });
    await expect(open()).rejects.toThrow(
      'hold 0 and 255 alone, and 255 may be a class or what does not count. Choose { maskValues: "foreground" }',
    );
    const { classes, train } = await open({ maskValues: "foreground" });
    expect(classes).toEqual(["background", "foreground"]);
    expect(train.examples[0]!.mask).toEqual(Uint8Array.of(0, 1, 1, 0));

    await folder.write("binary/masks/1.png", mask([0, 0, 255, 255, 0, 0], 3));
    await folder.write("binary/masks/2.png", await photo());
    const told: string[] = [];
    await open({ maskValues: "foreground", onCorrupt: ({ message }: Error) => told.push(message) });
    expect(told).toContain("masks/1.png: a mask of 3 × 2 pixels, where images/1.png has 2 × 2");
    expect(told).toContain("masks/2.png: a PNG of colours, not of numbers (gray, or a palette)");
    await expect(open({ maskValues: "foreground", maxCorrupt: 0 })).rejects.toThrow("or allow it by { maxCorrupt:");

    await folder.write("binary/labels/0.png", mask([0, 1, 1, 0]));
    await expect(open()).rejects.toThrow(
      "an image must have one mask, and labels/0.png and masks/0.png are of the same",
    );
    expect((await open({ masks: "masks", maskValues: "foreground" })).classes).toHaveLength(2);
  });

  it("refuses a folder without masks, and a class of the test part alone", async () => {
    await folder.write("none/1.png", await photo());
    await expect(openSegmentation(folder.path("none"), { size: 2 })).rejects.toThrow(
      "must hold images with masks, and 1 image has none",
    );
    for (const [part, value] of [
      ["train", 1],
      ["test", 2],
    ] as const) {
      await folder.write(`strange/${part}/images/1.png`, await photo());
      await folder.write(`strange/${part}/masks/1.png`, mask([0, value, 0, 0]));
    }
    await expect(openSegmentation(folder.path("strange"), { size: 2 })).rejects.toThrow(
      "and 2 of test/masks/1.png is not: there are 0, 1",
    );
  });
});

describe("maskPairs", () => {
  const pairsOf = (...paths: string[]) =>
    maskPairs(paths, { who: "test", root: "data" }).pairs.map(({ image, mask }) => `${image} ${mask}`);

  it("goes by names", () => {
    expect(pairsOf("a.jpg", "a.png", "b.jpg")).toEqual(["a.jpg a.png"]);
    expect(pairsOf("JPEGImages/1.jpg", "SegmentationClass/1.png")).toEqual([
      "JPEGImages/1.jpg SegmentationClass/1.png",
    ]);
    expect(pairsOf("images/train/1.jpg", "masks/train/1_mask.png")).toEqual([
      "images/train/1.jpg masks/train/1_mask.png",
    ]);
    expect(() => pairsOf("images/1.jpg", "images/1.png", "masks/1.png")).toThrow(
      "a mask must belong to one image, and images/1.jpg and images/1.png",
    );
  });
});
