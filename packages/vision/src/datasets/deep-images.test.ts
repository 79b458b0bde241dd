import { CorruptSampleError, createRandom } from "@autodidact/core";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { dicomFile } from "../testing/dicom-file.js";
import { readOracle } from "../testing/oracle.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { tiffFile } from "../testing/tiff-file.js";
import { decodeHeader, decodeImage, fitImage } from "./decode-image.js";
import { lanczosResize } from "./lanczos.js";
import { examineImages, openPretrainImages } from "./pretrain-images.js";
import { decodeTiff } from "./tiff/decode-tiff.js";
import { describeTiff } from "./tiff/tiff-description.js";
import { decodeWholeImage } from "./whole-image.js";

const folder = useTemporaryFolder();
const { tiffs, resized } = readOracle("deep-images");

const gray16 = (values: readonly number[], width: number, kind: "png" | "tiff" = "png") =>
  sharp(Uint16Array.from(values), { raw: { width, height: values.length / width, channels: 1 } })
    .toColourspace("grey16")
    .toFormat(kind, kind === "tiff" ? { compression: "lzw" } : {})
    .toBuffer();

const steps = (pixels: ArrayLike<number>) => Array.from(pixels, (share) => Math.round(share * 65535));

describe("images of 16 bits", () => {
  const values = [0, 1, 255, 256, 257, 40_000, 65_534, 65_535];

  it.each(["png", "tiff"] as const)("are not squeezed through 8: %s", async (kind) => {
    const file = await gray16(values, 4, kind);
    const gray = await decodeImage("a", file, { channels: 1 });
    expect(gray.pixels).toBeInstanceOf(Float32Array);
    expect([gray.height, gray.width, gray.channels, steps(gray.pixels)]).toEqual([2, 4, 1, values]);
    const colored = await decodeImage("a", file);
    expect([colored.channels, steps(colored.pixels)]).toEqual([3, values.flatMap((value) => [value, value, value])]);
    expect(await decodeHeader("a", file, { beginning: file })).toMatchObject({
      channels: 1,
      reading: "16 bits: 0 … 65535 from 0 to 1",
    });
  });

  it("have colours and transparency too", async () => {
    const rgba = Uint16Array.from([300, 40_000, 65_535, 65_535, 9, 9, 9, 0]);
    const file = await sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } })
      .toColourspace("rgb16")
      .png()
      .toBuffer();
    expect(steps((await decodeImage("a", file)).pixels)).toEqual([300, 40_000, 65_535, 65_535, 65_535, 65_535]);
  });

  it("go through a window, and so do bytes", async () => {
    const file = await gray16(values, 4);
    const window = { center: 256, width: 4 };
    expect([...(await decodeImage("a", file, { channels: 1, window })).pixels]).toEqual([
      0, 0, 0.25, 0.5, 0.75, 1, 1, 1,
    ]);
    const bytes = { id: "a", pixels: Uint8Array.of(0, 100, 200), height: 1, width: 3, channels: 1 };
    const { pixels } = await fitImage(bytes, { window: { center: 100, width: 200 } });
    expect(pixels).toEqual(Float32Array.of(0, 0.5, 1));
    await expect(decodeImage("a", file, { window: { center: 0, width: 0 } })).rejects.toThrow("width above 0");
  });

  it("have windows that images of 8 bits are refused through: these hold other values", async () => {
    const scan = { center: 1500, width: 3000 };
    const file = await sharp(Uint8Array.of(0, 100, 200, 255), { raw: { width: 2, height: 2, channels: 1 } })
      .png()
      .toBuffer();
    const why = "has 8 bits, values from 0 to 255, and window 1500 ± 1500 is of others";
    await expect(decodeImage("a", file, { window: scan })).rejects.toThrow(why);
    await expect(decodeHeader("a", file, { window: scan, beginning: file })).rejects.toThrow(why);
    const bytes = { id: "a", pixels: Uint8Array.of(0), height: 1, width: 1, channels: 1 };
    await expect(fitImage(bytes, { window: scan })).rejects.toThrow(why);
    const four = tiffFile(new Uint8Array(16), { height: 2, width: 2, bands: 4 });
    await expect(decodeImage("a", four, { channels: 4, window: scan })).rejects.toThrow(why);
    const within = await decodeImage("a", file, { channels: 1, window: { center: 100, width: 200 } });
    expect([...within.pixels]).toEqual([0, 0.5, 1, 1]);
  });

  it("are resized as Pillow resizes floats", () => {
    for (const { shape, values, to, resized: wanted } of resized) {
      const image = { pixels: Float32Array.from(values as number[]), height: shape[0], width: shape[1], channels: 1 };
      const made = lanczosResize(image, to[0], to[1]);
      const worst = Math.max(...made.pixels.map((value, i) => Math.abs(value - wanted[i])));
      expect(worst).toBeLessThan(2e-6);
    }
  });

  it("are cut to the middle of their longer side, as bytes are", async () => {
    const row = Array.from({ length: 48 * 30 }, (_, i) => 257 * ((i % 48) * 5));
    const deep = await decodeImage("a", await gray16(row, 48), { size: 16, channels: 1 });
    const flat = await sharp(
      Uint8Array.from(row, (v) => v / 257),
      { raw: { width: 48, height: 30, channels: 1 } },
    )
      .png()
      .toBuffer();
    const bytes = await decodeImage("a", flat, { size: 16, channels: 1 });
    expect([deep.height, deep.width, deep.pixels.length]).toEqual([16, 16, 256]);
    const worst = Math.max(...Array.from(deep.pixels, (share, i) => Math.abs(share * 255 - bytes.pixels[i]!)));
    expect(worst).toBeLessThan(1.6);
  });
});

describe("TIFF beyond sharp", () => {
  it("of libtiff has the values that Pillow reads: floats, signed, LZW, Deflate, differences", () => {
    for (const { file, shape, values } of tiffs) {
      const bytes = new Uint8Array(Buffer.from(file, "base64"));
      const raster = decodeTiff("a", bytes, describeTiff(bytes)!);
      expect([raster.height, raster.width]).toEqual(shape);
      expect([...(raster.values as Float64Array)]).toEqual(values);
    }
  });

  const bands = Uint16Array.from({ length: 3 * 4 * 6 }, (_, i) => 700 * i);

  it("has as many bands as are there: pixel by pixel, by band, deflated", async () => {
    const planes = Uint16Array.from(bands, (_, i) => bands[(i % 12) * 6 + Math.floor(i / 12)]!);
    for (const [samples, isPlanar] of [
      [bands, false],
      [planes, true],
    ] as const) {
      for (const isDeflated of [false, true]) {
        const file = tiffFile(samples, { height: 3, width: 4, bands: 6, isPlanar, isDeflated });
        const { pixels, channels } = await decodeImage("a", file, { channels: 6 });
        expect([channels, steps(pixels)]).toEqual([6, [...bands]]);
      }
    }
    const file = tiffFile(bands, { height: 3, width: 4, bands: 6 });
    expect(await decodeHeader("a", file, { beginning: file })).toMatchObject({ height: 3, width: 4, channels: 6 });
    await expect(decodeImage("a", file)).rejects.toThrow("has 6 channels, and 3 channels were asked for");
    await expect(decodeImage("a", file.subarray(0, 40), { channels: 6 })).rejects.toThrow(
      /damaged|truncated|has colours/,
    );
    const small = await decodeImage("a", file, { channels: 6, size: 2 });
    expect([small.height, small.width, small.channels]).toEqual([2, 2, 6]);
  });

  it("of four bands is read whole where four are asked for; of signed numbers by their range; of floats by a window", async () => {
    const four = tiffFile(
      Uint8Array.from({ length: 16 }, (_, i) => i),
      { height: 2, width: 2, bands: 4 },
    );
    expect(
      Array.from((await decodeImage("a", four, { channels: 4 })).pixels, (share) => Math.round(share * 255)),
    ).toEqual([...Array(16).keys()]);
    const signed = tiffFile(Int16Array.of(-32768, 0, 32767, -1), { height: 2, width: 2, bands: 1 });
    expect(steps((await decodeImage("a", signed, { channels: 1 })).pixels)).toEqual([0, 32768, 65535, 32767]);
    const floats = tiffFile(Float32Array.of(-1, 0, 0.5, 9), { height: 2, width: 2, bands: 1 });
    await expect(decodeImage("a", floats, { channels: 1 })).rejects.toThrow("TIFF of floats has no range of its own");
    await expect(decodeHeader("a", floats, { beginning: floats })).rejects.toThrow("no range of its own");
    const measured = await decodeImage("a", floats, { channels: 1, beforeWindow: true });
    expect([...measured.pixels]).toEqual([-1, 0, 0.5, 9]);
    const window = { center: 0, width: 2 };
    const shares = [0, 0.5, 0.75, 1];
    expect([...(await decodeImage("a", floats, { channels: 1, window })).pixels]).toEqual(shares);
    const whole = await decodeWholeImage("a", floats, { channels: 1, window });
    expect([[...whole.pixels], whole.original]).toEqual([shares, { height: 2, width: 2 }]);
  });

  it("of floats without a window are refused with the reason, before anything is learned", async () => {
    const floats = tiffFile(Float32Array.of(-1, 0, 0.5, 9), { height: 2, width: 2, bands: 1 });
    await folder.write("floats/1.tif", floats);
    await expect(examineImages(folder.path("floats"))).rejects.toThrow(
      /none is\. The last: .*1\.tif: TIFF of floats has no range of its own\. Choose by `window`/,
    );
  });

  it("is examined and opened: channels as found, statistics measured and said", async () => {
    for (let n = 0; n < 4; n++) {
      const samples = Uint16Array.from({ length: 16 * 16 * 6 }, (_, i) => (i % 6 === 5 ? 65535 : (i % 6) * 9000 + n));
      await folder.write(`bands/${n}.tif`, tiffFile(samples, { height: 16, width: 16, bands: 6 }));
    }
    const { facts, found, valueBytes } = await examineImages(folder.path("bands"));
    expect([facts.channels, facts.size, valueBytes]).toEqual([6, 16, 4]);
    expect(facts.statistics!.mean.map((value) => value.toFixed(3))).toEqual([
      "0.000",
      "0.137",
      "0.275",
      "0.412",
      "0.549",
      "1.000",
    ]);
    expect(facts.statistics!.std).toEqual(Array(6).fill(1e-3));
    const said = found.remarks!.join("\n");
    expect(said).toContain("all of 4 images have 6 channels");
    expect(said).toContain("6 channels are no colours: views are neither jittered nor made gray");
    expect((await (await openPretrainImages(facts)).get(0)).channels).toBe(6);
  });
});

it("files whose bytes were changed at random are read or named as broken, nothing else", async () => {
  const random = createRandom(5);
  const samples = Uint16Array.from({ length: 8 * 8 * 6 }, (_, i) => 97 * i);
  const scan = {
    height: 8,
    width: 8,
    values: Array.from({ length: 64 }, (_, i) => 60 * i),
    window: [900, 700] as const,
  };
  const sound = [
    tiffFile(samples, { height: 8, width: 8, bands: 6, isDeflated: true }),
    tiffFile(samples, { height: 8, width: 8, bands: 6, isPlanar: true }),
    Buffer.from(tiffs[1].file, "base64"),
    dicomFile(scan),
    ...(readOracle("dicom") as { file: string }[]).slice(12, 17).map(({ file }) => Buffer.from(file, "base64")),
  ];
  for (const file of sound) {
    for (let round = 0; round < 40; round++) {
      const changed = Uint8Array.from(file.subarray(0, random.chance(0.3) ? random.integer(file.length) : undefined));
      for (let n = 0; n < 1 + random.integer(6); n++) changed[random.integer(changed.length)] = random.integer(256);
      for (const channels of [1, 6]) {
        const work = decodeImage("a", changed, { channels, maxPixels: 1e5, window: { center: 0, width: 9 } });
        const error = await work.then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(CorruptSampleError);
      }
    }
  }
});
