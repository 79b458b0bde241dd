import { CorruptSampleError } from "@autodidact/core";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { plain, ramp } from "../testing/image-files.js";
import { readOracle } from "../testing/oracle.js";
import { type DecodeOptions, decodeHeader, decodeImage } from "./decode-image.js";
import { isImageFile, whyNotRead } from "./image-formats.js";

interface ImageFile {
  readonly name: string;
  readonly file: string;
  readonly height: number;
  readonly width: number;
  readonly pixels: readonly number[];
}
const files: readonly ImageFile[] = readOracle("image-files"); // tools/oracles/vision_image_files.py
const named = (name: string) => Buffer.from(files.find((file) => file.name === name)!.file, "base64");

async function corruption(name: string, file: Uint8Array, options?: DecodeOptions): Promise<string> {
  const error = await decodeImage(name, file, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CorruptSampleError);
  return (error as CorruptSampleError).reason;
}

describe("decodeImage", () => {
  it.each(files.filter(({ name }) => !name.endsWith(".bmp")))(
    "reads $name as Pillow does, on white",
    async (expected) => {
      const bytes = Buffer.from(expected.file, "base64");
      const { height, width, pixels } = await decodeImage(expected.name, bytes);
      expect([height, width]).toEqual([expected.height, expected.width]);
      const tolerance = expected.name.endsWith(".avif") ? 4 : 1;
      expect(Math.max(...pixels.map((value, place) => Math.abs(value - expected.pixels[place]!)))).toBeLessThanOrEqual(
        tolerance,
      );
      const header = await decodeHeader(expected.name, bytes, { beginning: bytes });
      expect(header).toMatchObject({ height, width });
      if (/plain|turned/.test(expected.name)) expect(header.channels).toBe(3);
      if (/gray/.test(expected.name)) expect(header.channels).toBe(1);
    },
  );

  it("shows white behind transparency at every size: 0.2 × 90 + 0.8 × 255 = 222", async () => {
    const file = await plain([90, 90, 90])
      .ensureAlpha(51 / 255)
      .png()
      .toBuffer();
    const hidden = await plain([90, 0, 200]).ensureAlpha(0).png().toBuffer();
    for (const size of [undefined, 8, 4, 12]) {
      for (const channels of [1, 3] as const) {
        expect(new Set((await decodeImage("a", file, { size, channels })).pixels)).toEqual(new Set([222]));
        expect(new Set((await decodeImage("b", hidden, { size, channels })).pixels)).toEqual(new Set([255]));
      }
    }
  });

  it("leaves opaque pixels of transparent images as they are, of 8 bits and of 16", async () => {
    const { data } = await ramp().raw().toBuffer({ resolveWithObject: true });
    for (const space of ["srgb", "rgb16"]) {
      const file = await ramp().ensureAlpha(1).toColourspace(space).png().toBuffer();
      const { pixels } = await decodeImage(space, file);
      const bytes =
        pixels instanceof Uint8Array ? pixels : Uint8Array.from(pixels, (share) => Math.round(share * 65535) >> 8);
      expect(bytes, space).toEqual(new Uint8Array(data));
    }
  });

  it("refuses by name what sharp does not read, with what to do", async () => {
    expect(await corruption("photo.jpg", named("plain.bmp"))).toMatch(/^BMP is not read: convert it to PNG: magick/);
    const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on", "latin1");
    expect(await corruption("photo.jpg", heic)).toMatch(/^HEIC is not read: convert it to JPEG/);
    expect(await corruption("x.png", Buffer.from("BM, not a bitmap"))).toMatch(
      /^the content is none of JPEG, PNG, WebP, TIFF, GIF, AVIF, DICOM$/,
    );
    expect(["a.TIF", "a.gif", "a.avif", "a.bmp", "a.heic", "a.txt"].map(isImageFile)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([whyNotRead("a/b.HEIC"), whyNotRead("b.png")]).toEqual([expect.stringMatching(/^HEIC is not/), undefined]);
  });

  it("bounds pixels: photographs of 61 megapixels pass, a bomb does not, and the bound is an option", async () => {
    const photograph = await plain([9, 9, 9], 9504, 6336).png({ compressionLevel: 1 }).toBuffer(); // a camera of 2019
    expect((await decodeImage("61 MP", photograph, { size: 16 })).width).toBe(16);
    const bomb = Buffer.from(await ramp(64).png().toBuffer());
    bomb.writeUInt32BE(20_000, 16);
    bomb.writeUInt32BE(20_000, 20);
    expect(await corruption("bomb", bomb)).toMatch(/pixels, more than maxPixels = 100000000|damaged/);
    const small = await plain([9, 9, 9], 20, 10).png().toBuffer();
    expect(await corruption("small", small, { maxPixels: 199 })).toBe(
      "the image has 20 × 10 pixels, more than maxPixels = 199 in all. Raise it if the file can be trusted",
    );
    expect((await decodeImage("small", small, { maxPixels: 200 })).width).toBe(20);
    await expect(decodeImage("small", small, { maxPixels: 0 })).rejects.toThrow(/maxPixels must be a whole number/);
  });

  it("gives one cause for one file, whatever other threads complain of", async () => {
    const broken: Record<string, Buffer> = {};
    for (const format of ["jpeg", "png", "webp", "gif", "avif", "tiff"] as const) {
      const whole = await sharp(named("plain.png")).resize(64, 64).toFormat(format).toBuffer();
      broken[format] = whole.subarray(0, whole.length / 2);
    }
    const all = Array.from({ length: 12 }, () => Object.entries(broken)).flat();
    const reasons = await Promise.all(all.map(async ([name, file]) => [name, await corruption(name, file)] as const));
    for (const [name, reason] of reasons) {
      const format = { jpeg: "JPEG", png: "PNG", webp: "WebP", gif: "GIF", avif: "AVIF", tiff: "TIFF" }[name]!;
      expect(reason).toMatch(new RegExp(`^damaged or truncated ${format}( \\([^;]*\\))?$`));
      expect(reason).not.toContain("\n");
      if (name !== "png") expect(reason.toLowerCase()).not.toContain("vipspng");
      if (name !== "jpeg") expect(reason.toLowerCase()).not.toContain("jpeg image");
    }
  });
});
