import { type Tensor3D, tensor, tensor3d, zeros } from "@tensorflow/tfjs";
import sharp from "sharp";
import { expect, test } from "vitest";
import { decodeJpeg, decodePng } from "./decode-image.js";
import { encodeJpeg, encodePng } from "./encode-image.js";

/** [H, W, channels] of smooth values. */
function gradient(height: number, width: number, channels: number): Tensor3D {
  const values = Array.from({ length: height * width * channels }, (_, i) => (i * 7) % 256);
  return tensor3d(values, [height, width, channels], "int32");
}

const smooth = tensor3d(
  Array.from({ length: 16 * 24 * 3 }, (_, i) => 4 * Math.floor(i / 72) + 5 * (Math.floor(i / 3) % 24)),
  [16, 24, 3],
  "int32",
);

test.each([1, 2, 3, 4])("PNG of %i channels comes back as it was", async (channels) => {
  const image = gradient(5, 7, channels);
  const decoded = decodePng(await encodePng(image, 9));
  expect(decoded.shape).toEqual(image.shape);
  expect([...decoded.dataSync()]).toEqual([...image.dataSync()]);
});

test("JPEG comes back nearly as it was, of one channel and of three", async () => {
  for (const image of [smooth, smooth.slice([0, 0, 0], [16, 24, 1])] as Tensor3D[]) {
    const decoded = decodeJpeg(await encodeJpeg(image));
    expect(decoded.shape).toEqual(image.shape);
    expect(decoded.sub(image).abs().max().dataSync()[0]).toBeLessThanOrEqual(3);
  }
});

test("JPEG is written as it is asked for", async () => {
  const asked = await encodeJpeg(
    smooth,
    "rgb",
    60,
    true,
    true,
    false,
    "cm",
    118,
    59,
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
  );
  expect(Buffer.from(asked.subarray(2, 20)).toString("hex")).toBe("ffe000104a46494600010102" + "0076003b" + "0000");
  const { isProgressive, chromaSubsampling, xmpAsString } = await sharp(asked).metadata();
  expect({ isProgressive, chromaSubsampling }).toEqual({ isProgressive: true, chromaSubsampling: "4:4:4" });
  expect(xmpAsString).toContain("xmpmeta");
  const plain = await encodeJpeg(smooth);
  expect(await sharp(plain).metadata()).toMatchObject({
    isProgressive: false,
    chromaSubsampling: "4:2:0",
    density: 300,
  });
  expect((await encodeJpeg(smooth, "", 10)).length).toBeLessThan((await encodeJpeg(smooth, "", 100)).length);
});

test("values beyond a byte wrap around", async () => {
  const decoded = decodePng(await encodePng(tensor3d([256, -1, 3.9], [1, 3, 1])));
  expect([...decoded.dataSync()]).toEqual([0, 255, 3]);
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    "four channels",
    () => encodeJpeg(zeros([2, 2, 4])),
    "image must be a tensor [height, width, channels] with 1 or 3 channels, got [2,2,4]",
  ],
  ["colours as gray", () => encodeJpeg(zeros([2, 2, 3]), "grayscale"), "with 1 channels, got [2,2,3]"],
  ["a batch", () => encodePng(tensor([[[[1]]]]) as never), "got [1,1,1,1]"],
  ["no pixels", () => encodePng(zeros([0, 2, 3])), "got [0,2,3]"],
  [
    "another format",
    () => encodeJpeg(zeros([2, 2, 3]), "cmyk" as never),
    'format must be "", "grayscale" or "rgb", got "cmyk"',
  ],
  ["a quality", () => encodeJpeg(zeros([2, 2, 3]), "", 101), "quality must be a whole number from 0 to 100, got 101"],
  ["a level", () => encodePng(zeros([2, 2, 3]), 10), "compression must be a whole number from -1 to 9, got 10"],
])("refuses %s", async (_, encode, message) => {
  await expect(encode()).rejects.toThrow(message);
});
