import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeGif, decodeImage, decodeJpeg, decodePng } from "./decode-image.js";

interface Case {
  readonly file: string;
  readonly channels: number;
  readonly shape: number[];
  readonly values: string;
  readonly tolerance: number;
}

// Files and values: tools/oracles/tfjs_node_images.py (Pillow).
const { cases } = JSON.parse(readFileSync(new URL("./oracles/images.json", import.meta.url), "utf8")) as {
  cases: Record<string, Case>;
};
const fileOf = (name: string) => Buffer.from(cases[name]!.file, "base64");

test.each(Object.entries(cases))("%s", (_, { file, channels, shape, values, tolerance }) => {
  const image = decodeImage(Buffer.from(file, "base64"), channels);
  expect(image.shape).toEqual(shape);
  expect(image.dtype).toBe("int32");
  const expected = Buffer.from(values, "base64");
  const furthest = Array.from(image.dataSync()).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - expected[i]!)),
    0,
  );
  expect(furthest).toBeLessThanOrEqual(tolerance);
});

test("of an animation the first frame, where it is not to be expanded", () => {
  const whole = decodeGif(fileOf("gif"));
  const first = decodeImage(fileOf("gif"), 0, "int32", false);
  expect(first.shape).toEqual(whole.shape.slice(1));
  expect([...first.dataSync()]).toEqual([...whole.dataSync().slice(0, first.size)]);
});

test("ratio takes each block's mean, smaller blocks at the edges", () => {
  const file = fileOf("jpeg, gray");
  const whole = decodeJpeg(file).arraySync();
  const small = decodeJpeg(file, 0, 4);
  expect(small.shape).toEqual([5, 6, 1]);
  const block = whole.slice(0, 4).flatMap((row) => row.slice(0, 4).flat());
  expect(small.arraySync()[0]![0]![0]).toBe(Math.round(block.reduce((a, b) => a + b) / 16));
  const corner = whole.slice(16).flatMap((row) => row.slice(20).flat());
  expect(corner).toHaveLength(3);
  expect(small.arraySync()[4]![5]![0]).toBe(Math.round(corner.reduce((a, b) => a + b) / 3));
});

test("a file that is cut short is refused, or taken as far as it goes", () => {
  const file = fileOf("jpeg, 4:2:0");
  const cut = file.subarray(0, file.length - 60);
  expect(() => decodeJpeg(cut)).toThrow("tf.node.decodeJpeg: the image cannot be decoded:");
  expect(decodeJpeg(cut, 3, 1, true, true).shape).toEqual([19, 21, 3]);
  expect(() => decodePng(fileOf("png").subarray(0, 60))).toThrow("tf.node.decodePng: the image cannot be decoded:");
});

test.each<[string, () => unknown, string]>([
  [
    "a text for bytes",
    () => decodeImage("photo.jpg" as never),
    "contents must be a Uint8Array, the bytes of an image file",
  ],
  [
    "no image",
    () => decodeImage(Buffer.from("RIFF....WEBP")),
    "got unsupported image type: 12 bytes that begin with 52 49 46 46",
  ],
  ["nothing", () => decodeImage(new Uint8Array(0)), "no bytes"],
  ["another format", () => decodeJpeg(fileOf("png")), "contents must be the bytes of a JPEG file, got a PNG file"],
  ["float32", () => decodePng(fileOf("png"), 3, "float32"), 'dtype must be "int32"'],
  [
    "four channels of JPEG",
    () => decodeJpeg(fileOf("jpeg, gray"), 4),
    "channels must be 0 (as in the file), 1 (gray) or 3 (RGB)",
  ],
  [
    "two channels of PNG",
    () => decodePng(fileOf("png"), 2),
    "channels must be 0 (as in the file), 1 (gray), 3 (RGB) or 4 (RGBA)",
  ],
  [
    "other channels of BMP",
    () => decodeImage(fileOf("bmp"), 1),
    "channels must be 0 (as in the file, here 3), 3 (RGB) or 4 (RGBA) for BMP, got 1",
  ],
  ["a third", () => decodeJpeg(fileOf("jpeg, gray"), 0, 3), "ratio must be 1, 2, 4 or 8, got 3"],
  ["plain upsampling", () => decodeJpeg(fileOf("jpeg, gray"), 0, 1, false), "fancyUpscaling must be true"],
  [
    "a cut BMP",
    () => decodeImage(fileOf("bmp").subarray(0, 99)),
    "the BMP must hold 19 rows of 21 pixels from byte 54 on",
  ],
])("refuses %s", (_, decode, message) => {
  expect(decode).toThrow(message);
});
