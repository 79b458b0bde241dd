import { CorruptSampleError, createRandom } from "@autodidact/core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { decodeHeader, decodeImage } from "./decode-image.js";

/** Mutants of each format and kind. */
const EACH = 60;
const SIDE = 40;

const random = createRandom(20260101);
const photograph = sharp(
  Uint8Array.from({ length: 3 * SIDE ** 2 }, (_, at) => 128 + 90 * Math.sin(at / 11) * Math.cos(at / 300)),
  { raw: { width: SIDE, height: SIDE, channels: 3 } },
);

async function wholeFiles(): Promise<Record<string, Buffer>> {
  const seeThrough = photograph.clone().ensureAlpha(0.5);
  return {
    jpeg: await photograph.clone().jpeg().toBuffer(),
    "progressive jpeg": await photograph.clone().jpeg({ progressive: true }).toBuffer(),
    png: await seeThrough.clone().png().toBuffer(),
    "palette png": await photograph.clone().png({ palette: true }).toBuffer(),
    "16-bit png": await photograph.clone().toColourspace("rgb16").png().toBuffer(),
    webp: await photograph.clone().webp().toBuffer(),
    "lossless webp": await seeThrough.clone().webp({ lossless: true }).toBuffer(),
    tiff: await photograph.clone().tiff({ compression: "none" }).toBuffer(),
    "lzw tiff": await photograph.clone().tiff({ compression: "lzw" }).toBuffer(),
    "jpeg tiff": await photograph.clone().tiff({ compression: "jpeg" }).toBuffer(),
    gif: await photograph.clone().gif().toBuffer(),
    avif: await photograph.clone().avif().toBuffer(),
  };
}

const mutations: Record<string, (file: Buffer) => Buffer> = {
  "one bit flipped": (file) => flipped(file, 1),
  "twenty bits flipped": (file) => flipped(file, 20),
  "a bit of the first 64 bytes flipped": (file) => Buffer.concat([flipped(file.subarray(0, 64), 1), file.subarray(64)]),
  "cut off": (file) => file.subarray(0, random.integer(file.length)),
  "a stretch overwritten": (file) => {
    const start = random.integer(file.length);
    return Buffer.from(file).fill(random.integer(256), start, Math.min(file.length, start + 1 + random.integer(200)));
  },
  "a stretch left out": (file) => {
    const start = random.integer(file.length);
    return Buffer.concat([file.subarray(0, start), file.subarray(start + 1 + random.integer(50))]);
  },
};

function flipped(file: Buffer, count: number): Buffer {
  const bytes = Buffer.from(file);
  for (let flip = 0; flip < count; flip++) bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
  return bytes;
}

test("whatever happened to an image file, it is decoded or named as broken", async () => {
  const counts: Record<string, { decoded: number; broken: number }> = {};
  for (const [format, whole] of Object.entries(await wholeFiles())) {
    const count = { decoded: 0, broken: 0 };
    for (const [kind, mutate] of Object.entries(mutations)) {
      const mutants = Array.from({ length: EACH }, () => mutate(whole));
      for (const outcome of await Promise.all(mutants.map((file, n) => outcomeOf(`${format}, ${kind}, ${n}`, file))))
        count[outcome] += 1;
    }
    counts[format] = count;
  }
  console.table(counts);
  const total = Object.values(counts).reduce((sum, { decoded, broken }) => sum + decoded + broken, 0);
  console.log(`${total} mutated image files, none of them crashed anything`);
  expect(total).toBe(12 * 6 * EACH);
  for (const [format, { decoded, broken }] of Object.entries(counts)) {
    expect(broken, format).toBeGreaterThan(0);
    if (!format.endsWith("png")) expect(decoded, format).toBeGreaterThan(0); // PNG's checksums find any bit
  }
});

async function outcomeOf(id: string, file: Buffer): Promise<"decoded" | "broken"> {
  const readings = [
    decodeImage(id, file, { size: 16, maxPixels: 1e6 }),
    decodeImage(id, file, { maxPixels: 1e6, channels: 1 }),
    decodeHeader(id, file, { beginning: file, maxPixels: 1e6 }),
  ];
  const [small, whole, header] = await Promise.allSettled(readings);
  for (const outcome of [small!, whole!, header!]) {
    if (outcome.status === "fulfilled") continue;
    expect(outcome.reason, id).toBeInstanceOf(CorruptSampleError);
    expect(outcome.reason.message).toMatch(new RegExp(`^${id}: [^\n]+$`));
  }
  if (small!.status !== "fulfilled") return "broken";
  expect(small!.value).toMatchObject({ height: 16, width: 16, channels: 3 });
  return "decoded";
}
