import sharp from "sharp";
import { expect, test } from "vitest";
import { encodePng } from "./picture.js";

// What is read is read by another decoder, libvips.
test.each([1, 3] as const)("%d channels are read as they were", async (channels) => {
  const [height, width] = [5, 7];
  const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 37) % 256);
  const image = sharp(encodePng({ pixels, height, width, channels }));
  const { data, info } = await image
    .clone()
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ height, width, channels });
  expect([...data]).toEqual([...pixels]);
  expect(await image.metadata()).toMatchObject({ format: "png", depth: "uchar", hasAlpha: false });
});

test("pixels that do not fill the picture are refused", () => {
  expect(() => encodePng({ pixels: new Uint8Array(5), height: 1, width: 2, channels: 3 })).toThrow(
    "got 5 for 1 × 2 × 3",
  );
  expect(() => encodePng({ pixels: new Uint8Array(0), height: 0, width: 2, channels: 3 })).toThrow(RangeError);
});
