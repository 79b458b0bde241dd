import { createRandom } from "@autodidact/core";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { dicomFile } from "../testing/dicom-file.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { inspectImages } from "./inspect-images.js";

const folder = useTemporaryFolder();
const random = createRandom(7);

/** 6 × 6 areas of colours by chance, 48 × 48 pixels. */
function picture() {
  const pixels = Uint8Array.from({ length: 6 * 6 * 3 }, () => random.integer(256));
  return sharp(pixels, { raw: { width: 6, height: 6, channels: 3 } }).resize(48, 48, { kernel: "nearest" });
}
const png = () => picture().png().toBuffer();

beforeAll(async () => {
  const [cat, dog] = [await png(), await png()];
  for (let place = 0; place < 10; place++) {
    await folder.write(`set/train/cat/${place}.png`, place === 0 ? cat : await png());
    await folder.write(`set/train/dog/${place}.png`, place === 0 ? dog : await png());
  }
  await folder.write("set/test/cat/copy.png", cat);
  await folder.write(
    "set/test/cat/other.png",
    await sharp(await png())
      .toColourspace("b-w")
      .png()
      .toBuffer(),
  );
  await folder.write("set/test/dog/again.jpg", await sharp(dog).resize(96, 96).jpeg({ quality: 80 }).toBuffer());
  await folder.write("set/test/dog/rewritten.png", await sharp(cat).png({ compressionLevel: 1 }).toBuffer());
  await folder.write("set/test/dog/half.png", cat.subarray(0, cat.length / 2));
  await folder.write("set/test/dog/empty.jpg", "");
});

describe("inspectImages", () => {
  it("compares what DICOM files measured, not what a window makes of it", async () => {
    const scan = (value: number) => {
      const values = Array.from({ length: 64 }, (_, i) => (i < 32 ? 0 : value));
      return dicomFile({ height: 8, width: 8, values, window: [50, 100] }); // all above 100 are white
    };
    for (const [name, value] of Object.entries({ a: 500, b: 900, c: 900 }))
      await folder.write(`scans/${name}.dcm`, scan(value));
    const { duplicates } = await inspectImages(folder.path("scans"));
    const named = duplicates.map(({ first, second, isExact }) => [first.id, second.id, isExact]);
    expect(named.filter(([, , isExact]) => isExact)).toEqual([["b.dcm", "c.dcm", true]]);
    expect(named).toContainEqual(["a.dcm", "b.dcm", false]);
  });

  it("lists what is broken, the sizes, and what stands there twice, across parts first", async () => {
    const told: number[][] = [];
    const { found, broken, sizes, duplicates } = await inspectImages(folder.path("set"), {
      onProgress: (...progress) => told.push(progress),
    });
    expect(found.parts.map(({ name, examples }) => [name, examples])).toEqual([
      ["train", 20],
      ["test", 6],
    ]);
    expect(broken.map(({ message }) => message)).toEqual([
      expect.stringMatching(/dog\/empty\.jpg: the file is empty$/),
      expect.stringMatching(/dog\/half\.png: damaged or truncated PNG/),
    ]);
    expect(sizes).toEqual([
      { size: "48 × 48, 3 channels", count: 22 },
      { size: "48 × 48, 1 channel", count: 1 },
      { size: "96 × 96, 3 channels", count: 1 },
    ]);
    const pairs = duplicates.map(({ first, second, isExact }) => [
      `${first.part}:${first.id.split("/").slice(-2).join("/")}`,
      `${second.part}:${second.id.split("/").slice(-2).join("/")}`,
      isExact,
    ]);
    expect(pairs).toEqual([
      ["train:cat/0.png", "test:cat/copy.png", true],
      ["train:cat/0.png", "test:dog/rewritten.png", true], // other bytes, the same pixels
      ["train:dog/0.png", "test:dog/again.jpg", false],
    ]);
    expect([told.length, told.at(-1)]).toEqual([26, [26, 26]]);
  });

  it("draws a contact sheet, the same each time", async () => {
    const { sheet } = await inspectImages(folder.path("set"));
    expect(sheet).toMatchObject({ channels: 3, width: 8 * 74 - 2 });
    expect((await inspectImages(folder.path("set"))).sheet).toEqual(sheet);
  });

  it("looks at images without parts and labels too, within the pixels that are allowed", async () => {
    await folder.write("loose/a.png", await png());
    const { broken, sheet, duplicates } = await inspectImages(folder.path("loose"), { maxPixels: 100 });
    expect(broken[0]?.message).toContain("48 × 48 pixels, more than maxPixels = 100");
    expect([sheet, duplicates]).toEqual([undefined, []]);
    expect((await inspectImages(folder.path("loose"))).sheet).toMatchObject({ height: 72, width: 72 });
  });

  it("stops when told", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(inspectImages(folder.path("set"), { signal })).rejects.toThrow("enough");
  });
});
