import { symlink } from "node:fs/promises";
import { CorruptSampleError } from "@autodidact/core";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesOf } from "../image.js";
import { plain, ramp } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { imageFolder } from "./image-folder.js";

const folder = useTemporaryFolder();
const red = [255, 0, 0] as const;
const gray = [90, 90, 90] as const;

describe("imageFolder", () => {
  beforeAll(async () => {
    await folder.write("parts/train/cat/b.png", await ramp().png().toBuffer());
    await folder.write("parts/train/cat/a.JPG", await plain(red).jpeg({ quality: 100 }).toBuffer());
    await folder.write("parts/train/dog/kennel/c.webp", await ramp().webp({ lossless: true }).toBuffer());
    await folder.write("parts/train/dog/readme.txt", "no image");
    await folder.write("parts/train/dog/._d.png", "what a Mac leaves");
    await folder.write("parts/test/dog/e.png", await ramp().png().toBuffer());
    await folder.write("loose/z.png", await ramp().png().toBuffer());
    await folder.write("loose/below/y.png", await ramp().png().toBuffer());
  });

  it("takes sub-folders for classes and sorts by path", async () => {
    const images = await imageFolder(folder.path("parts"), { split: "train" });
    expect(images.length).toBe(3);
    expect(images.classes).toEqual(["cat", "dog"]);
    expect([0, 1, 2].map((index) => images.id(index))).toEqual(["cat/a.JPG", "cat/b.png", "dog/kennel/c.webp"]);
    expect([0, 1, 2].map((index) => images.label(index))).toEqual([0, 0, 1]);
    expect(await images.get(2)).toMatchObject({ id: "dog/kennel/c.webp", label: 1, height: 8, width: 8, channels: 3 });
  });

  it("decodes PNG and lossless WebP exactly", async () => {
    const images = await imageFolder(folder.path("parts"), { split: "train" });
    const sized = await imageFolder(folder.path("parts"), { split: "train", size: 8 }); // the size that they have
    for (const index of [1, 2]) {
      const { pixels } = await images.get(index);
      expect((await sized.get(index)).pixels).toEqual(pixels);
      expect(pixels.length).toBe(8 * 8 * 3);
      expect([...pixels.subarray(3 * (8 * 5 + 2), 3 * (8 * 5 + 2) + 3)]).toEqual([40, 100, 7]); // row 5, column 2
    }
    const { pixels } = await images.get(0);
    for (const [channel, value] of red.entries()) expect(Math.abs(pixels[channel]! - value)).toBeLessThanOrEqual(2);
  });

  it("leaves mixed and one-class folders unlabelled", async () => {
    const loose = await imageFolder(folder.path("loose"));
    expect([loose.length, loose.classes, loose.label(0)]).toEqual([2, [], undefined]);
    expect((await loose.get(0)).label).toBeUndefined();
    const alone = await imageFolder(folder.path("parts"), { split: "test" });
    expect([alone.length, alone.classes, alone.label(0)]).toEqual([1, ["cat", "dog"], 1]); // classes are the training part's
    expect((await imageFolder(folder.path("parts/test"))).classes).toEqual([]);
  });

  it("asks for a part, names the parts, and says what is missing", async () => {
    await expect(imageFolder(folder.path("parts"))).rejects.toThrow(
      "holds the parts train (3), test (1). Choose one with split.",
    );
    await expect(imageFolder(folder.path("loose"), { split: "test" })).rejects.toThrow(
      "must hold a test part, got all (2).",
    );
    await folder.write("none/readme.txt", "");
    await expect(imageFolder(folder.path("none"))).rejects.toThrow("no image file below");
  });

  it("follows links, and visits each real folder once", async () => {
    await folder.write("elsewhere/1.png", await ramp().png().toBuffer());
    await folder.write("linked/a/1.png", await ramp().png().toBuffer());
    await symlink(folder.path("elsewhere"), folder.path("linked/b"));
    await symlink(folder.path("linked/a"), folder.path("linked/c"));
    await symlink(folder.path("linked"), folder.path("linked/a/back"));
    const images = await imageFolder(folder.path("linked"));
    expect([images.length, images.classes]).toEqual([2, ["a", "b"]]);
  });
});

describe("decoding", () => {
  it("resizes the shorter side and keeps the centre, unless the image fits", async () => {
    const bands = Uint8Array.from({ length: 4 * 12 * 3 }, (_, at) =>
      Math.floor(at / 3) % 12 < 4 ? 0 : Math.floor(at / 3) % 12 < 8 ? 100 : 200,
    );
    await folder.write(
      "wide/1.png",
      await sharp(bands, { raw: { width: 12, height: 4, channels: 3 } })
        .png()
        .toBuffer(),
    );
    const image = await (await imageFolder(folder.path("wide"), { size: 4 })).get(0);
    expect([image.height, image.width]).toEqual([4, 4]);
    expect([...image.pixels].every((value) => value === 100)).toBe(true); // the middle band
    const halved = await (await imageFolder(folder.path("wide"), { size: 2 })).get(0);
    expect([halved.height, halved.width, halved.pixels.length]).toEqual([2, 2, 12]);
    const untouched = await (await imageFolder(folder.path("wide"))).get(0);
    expect([untouched.height, untouched.width]).toEqual([4, 12]);
  });

  it("turns as EXIF says", async () => {
    const quarter = await ramp(6, 4).withMetadata({ orientation: 6 }).png().toBuffer(); // shown turned clockwise
    await folder.write("exif/1.png", quarter);
    const image = await (await imageFolder(folder.path("exif"))).get(0);
    expect([image.height, image.width]).toEqual([6, 4]);
    expect([...image.pixels.subarray(0, 3)]).toEqual([0, 60, 7]); // the lower left corner comes to the upper left
  });

  it("makes three channels of gray, transparent, 16-bit and CMYK images, and one on request", async () => {
    const tone = plain(gray);
    const files = {
      "gray.png": tone.clone().toColourspace("b-w").png(),
      "alpha.png": tone.clone().ensureAlpha(1).png(),
      "deep.png": tone.clone().toColourspace("rgb16").png(),
      "press.jpg": tone.clone().toColourspace("cmyk").jpeg({ quality: 100 }),
    };
    for (const [name, file] of Object.entries(files)) await folder.write(`tones/${name}`, await file.toBuffer());
    for (const channels of [3, 1] as const) {
      const images = await imageFolder(folder.path("tones"), { channels });
      for (let index = 0; index < images.length; index++) {
        const image = await images.get(index);
        expect([image.id, image.channels, image.pixels.length]).toEqual([image.id, channels, 64 * channels]);
        for (const value of bytesOf(image.pixels))
          expect(Math.abs(value - 90), image.id).toBeLessThanOrEqual(image.id === "press.jpg" ? 20 : 2); // inks are no exact copies
      }
    }
  });

  it("names what is broken and why", async () => {
    const jpeg = await ramp(64).jpeg().toBuffer();
    const png = await ramp(64).png().toBuffer();
    const huge = Buffer.from(png);
    huge.writeUInt32BE(100_000, 16); // a header of 100,000 × 100,000 pixels
    huge.writeUInt32BE(100_000, 20);
    const broken: Record<string, [Uint8Array | string, RegExp]> = {
      "empty.jpg": ["", /^empty\.jpg: the file is empty$/],
      "gif.png": [Buffer.from("GIF89a and so on"), /^gif\.png: damaged or truncated GIF/],
      "half.jpg": [jpeg.subarray(0, jpeg.length / 2), /^half\.jpg: .*(premature end|damaged)/],
      "half.png": [png.subarray(0, png.length / 2), /^half\.png: .+/],
      "half.webp": [(await ramp(64).webp().toBuffer()).subarray(0, 100), /^half\.webp: .+/],
      "huge.png": [huge, /^huge\.png: .*(maxPixels|damaged)/],
      "svg.png": ["<svg xmlns='http://www.w3.org/2000/svg'/>", /^svg\.png: the content is none of/],
    };
    for (const [name, [content]] of Object.entries(broken)) await folder.write(`broken/${name}`, content);
    const images = await imageFolder(folder.path("broken"));
    expect(images.length).toBe(Object.keys(broken).length);
    for (let index = 0; index < images.length; index++) {
      const error = await images.get(index).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, images.id(index)).toBeInstanceOf(CorruptSampleError);
      expect((error as Error).message).toMatch(broken[images.id(index)]![1]);
      expect((error as CorruptSampleError).id).toBe(images.id(index));
    }
  });

  it("reads a mislabelled format by its content", async () => {
    await folder.write("renamed/1.jpg", await ramp().png().toBuffer());
    expect((await (await imageFolder(folder.path("renamed"))).get(0)).width).toBe(8);
  });

  it("runs one libvips thread an image", async () => {
    await (await imageFolder(folder.path("loose"))).get(0);
    expect(sharp.concurrency()).toBe(1);
  });
});
