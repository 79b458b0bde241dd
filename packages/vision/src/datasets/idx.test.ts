import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { idx } from "./idx.js";

const folder = useTemporaryFolder();

/** Two images of 2 × 3 pixels. */
const images = Uint8Array.from([
  0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255,
]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 2]);

describe("idx", () => {
  beforeAll(async () => {
    await folder.write("images", images);
    await folder.write("images.gz", gzipSync(images));
    await folder.write("labels", labels);
    await folder.write("labels.gz", gzipSync(labels));
  });

  it.each(["", ".gz"])("reads images and labels%s", async (ending) => {
    const digits = await idx(folder.path(`images${ending}`), { labels: folder.path(`labels${ending}`) });
    expect(digits.length).toBe(2);
    expect(digits.classes).toEqual(["2", "7"]); // those that images have: EMNIST's letters begin at 1
    expect([digits.label(0), digits.label(1)]).toEqual([1, 0]);
    const second = await digits.get(1);
    expect(second).toMatchObject({ id: `images${ending}/1`, height: 2, width: 3, channels: 1, label: 0 });
    expect([...second.pixels]).toEqual([7, 8, 9, 10, 11, 255]);
  });

  it("changes size and channels on request", async () => {
    const digits = await idx(folder.path("images"), { size: 4, channels: 3 });
    const image = await digits.get(0);
    expect([image.height, image.width, image.channels, image.pixels.length]).toEqual([4, 4, 3, 48]);
    expect(image.pixels[0]).toBe(image.pixels[1]);
    expect([digits.classes, image.label]).toEqual([[], undefined]);
  });

  it("refuses what is not what it says", async () => {
    const refuse = async (name: string, bytes: Uint8Array, message: string | RegExp) =>
      expect(idx(await folder.write(name, bytes)), name).rejects.toThrow(message);
    await refuse("labels as images", labels, "must begin with 16 bytes of header, got 10 bytes");
    await refuse(
      "floats",
      Uint8Array.from([0, 0, 13, 3, ...images.subarray(4)]),
      "must begin with 00000803 (bytes, 3 axes), got 00000d03",
    );
    await refuse("short", images.subarray(0, 20), "promises 28 bytes (axes 2×2×3), got 20");
    await refuse("long", Uint8Array.from([...images, 0]), "promises 28 bytes (axes 2×2×3), got more");
    await refuse("bomb.gz", gzipSync(Buffer.concat([images, Buffer.alloc(5_000_000)])), "got more");
    await refuse(
      "vast",
      Uint8Array.from([...images.subarray(0, 4), ...new Array(12).fill(255)]),
      "at most 4294967296 bytes",
    );
    await refuse("no rows", Uint8Array.from([...images.subarray(0, 8), 0, 0, 0, 0, 0, 0, 0, 3]), "axes above 0");
    await refuse("cut.gz", gzipSync(images).subarray(0, 30), /^idx: .*cut\.gz cannot be read: unexpected end of file/);
    await refuse("plain.gz", images, "cannot be read: incorrect header check");
    await expect(idx(folder.path("absent"))).rejects.toThrow(/^idx: .*absent cannot be read: ENOENT/);
    const fewer = await folder.write("fewer", Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 1, 7]));
    await expect(idx(folder.path("images"), { labels: fewer })).rejects.toThrow("a label for each of the 2 images");
  });

  it("meets arbitrary and damaged bytes with its own errors only", async () => {
    const damaged = fc
      .array(fc.tuple(fc.nat(images.length - 1), fc.nat(255)), { maxLength: 4 })
      .map((changes) => changes.reduce((bytes, [at, value]) => bytes.fill(value, at, at + 1), Uint8Array.from(images)));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array({ maxLength: 60 }), damaged),
        fc.constantFrom("fuzz", "fuzz.gz"),
        async (bytes, name) => {
          const path = await folder.write(name, bytes);
          try {
            const digits = await idx(path);
            for (let index = 0; index < digits.length; index++) {
              const { pixels, height, width } = await digits.get(index);
              expect(pixels.length).toBe(height * width);
            }
          } catch (error) {
            expect((error as Error).message).toMatch(/^idx: /);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
