import { CorruptSampleError } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { archiveOf, plain } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import type { ImageDataset } from "./image-dataset.js";
import { imageFolder } from "./image-folder.js";
import { describeImageSizes, imageSizes } from "./image-sizes.js";
import { tarShards } from "./tar-shards.js";

const folder = useTemporaryFolder();

/** A set of headers alone: [width, height, channels] by index. */
function headed(length: number, header: (index: number) => [number, number, 1 | 3]): ImageDataset {
  return {
    length,
    classes: [],
    id: String,
    label: () => undefined,
    get: () => Promise.reject(new Error("no pixel is to be decoded")),
    async header(index) {
      const [width, height, channels] = header(index);
      if (width === 0) throw new CorruptSampleError(`${index}`, "empty");
      return { width, height, channels };
    },
  };
}

describe("imageSizes", () => {
  it("is not moved by the first file: one 1 × 1 among 32 × 32", async () => {
    const sizes = await imageSizes(headed(60, (index) => (index === 0 ? [1, 1, 3] : [32, 32, 3])));
    expect(sizes).toMatchObject({ sampled: 60, typicalSide: 32, gray: 0, smallest: { width: 1, height: 1 } });
    expect(describeImageSizes(sizes)).toEqual([
      "sizes of 60 images: most 32 × 32 (59), smallest 1 × 1, largest 32 × 32",
    ]);
    expect(describeImageSizes(sizes, 32)[1]).toBe("1 of 60 images is smaller than 32 × 32 and is enlarged");
  });

  it("looks at a sample that is spread over all of it", async () => {
    const seen: number[] = [];
    const sizes = await imageSizes(
      headed(100_000, (index) => {
        seen.push(index);
        return index < 50_000 ? [500, 375, 3] : [375, 500, 3];
      }),
    );
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([256, 195, 99_804]); // ⌊0.5 · 100,000 / 256⌋, ⌊255.5 · 100,000 / 256⌋
    expect(sizes.sizes).toEqual([
      { height: 375, width: 500, count: 128 },
      { height: 500, width: 375, count: 128 },
    ]);
    expect(sizes.typicalSide).toBe(375);
  });

  it("says where gray and coloured images are mixed, and leaves broken ones out", async () => {
    const sizes = await imageSizes(headed(10, (index) => (index < 2 ? [0, 0, 3] : [28, 28, index < 5 ? 1 : 3])));
    expect(sizes).toMatchObject({ sampled: 8, gray: 3 });
    expect(describeImageSizes(sizes)).toEqual([
      "sizes of 8 images: all 28 × 28",
      "3 of 8 images are gray: they get three equal channels",
      "2 of the sample cannot be read; the first: 0: empty",
    ]);
    await expect(imageSizes(headed(3, () => [0, 0, 3]))).rejects.toThrow(
      "must be readable, and none is. The last: 2: empty",
    );
  });

  it("reads the headers of files and of archives, turned as EXIF says", async () => {
    const gray = await plain([9, 9, 9], 20, 10).toColourspace("b-w").png().toBuffer();
    const turned = await plain([9, 9, 9], 30, 12).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await folder.write("mixed/1.png", gray);
    await folder.write("mixed/2.jpg", turned);
    await folder.write("mixed/3.jpg", turned.subarray(0, 0));
    await folder.write(
      "mixed.tar",
      await archiveOf([
        { name: "1.png", content: gray },
        { name: "2.jpg", content: turned },
      ]),
    );
    for (const dataset of [await imageFolder(folder.path("mixed")), await tarShards(folder.path("mixed.tar"))]) {
      const { sizes, gray: ofOneChannel } = await imageSizes(dataset);
      expect([ofOneChannel, sizes]).toEqual([
        1,
        [
          { height: 10, width: 20, count: 1 },
          { height: 30, width: 12, count: 1 },
        ],
      ]);
    }
  });
});
