import { truncate } from "node:fs/promises";
import { CorruptSampleError } from "@autodidact/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type ArchiveEntry, archiveOf, plain, ramp } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { tarShards } from "./tar-shards.js";

const folder = useTemporaryFolder();
const long = `train/airplane/${"very-".repeat(40)}long.png`; // beyond the 100 bytes of a plain header
let png: Buffer;

beforeAll(async () => {
  png = await ramp().png().toBuffer();
});

async function archive(name: string, entries: readonly ArchiveEntry[]): Promise<string> {
  return folder.write(name, await archiveOf(entries));
}

describe("tarShards", () => {
  it("reads regular image files out of several archives, by folder", async () => {
    const first = await archive("first.tar", [
      { name: "train/", type: "directory" },
      { name: "./train/airplane/0.png", content: png },
      { name: "train/airplane/link.png", type: "symlink" },
      { name: "train/airplane/notes.txt", content: Buffer.from("no image") },
      { name: long, content: png },
      { name: "test/ship/9.png", content: png },
    ]);
    const jpeg = await plain([0, 0, 255]).jpeg().toBuffer();
    const second = await archive("second.tar", [{ name: "train/ship/1.jpg", content: jpeg }]);

    const images = await tarShards([first, second], { split: "train" });
    expect([0, 1, 2].map((index) => images.id(index))).toEqual([
      "first.tar/train/airplane/0.png",
      `first.tar/${long}`,
      "second.tar/train/ship/1.jpg",
    ]);
    expect(images.length).toBe(3);
    expect(images.classes).toEqual(["airplane", "ship"]);
    expect([0, 1, 2].map((index) => images.label(index))).toEqual([0, 0, 1]);
    for (const index of [1, 0]) {
      const { pixels } = await images.get(index);
      expect([...pixels.subarray(3 * (8 * 5 + 2), 3 * (8 * 5 + 2) + 3)]).toEqual([40, 100, 7]);
    }
    const { pixels, label } = await images.get(2);
    expect([label, pixels[0]! < 10, pixels[2]! > 245]).toEqual([1, true, true]);
    await expect(tarShards([first, second])).rejects.toThrow(
      "tarShards: the archives hold the parts train (3), test (1). Choose one with split.",
    );
    await expect(tarShards(second, { split: "test" })).rejects.toThrow("must hold a test part, got train (1).");
  });

  it("leaves images without folders unlabelled, hidden ones out", async () => {
    const path = await archive("flat.tar", [
      { name: "b.png", content: png },
      { name: "a.png", content: png },
      { name: "._a.png", content: png },
    ]);
    const images = await tarShards(path);
    expect([images.length, images.classes, images.id(0), images.label(0)]).toEqual([
      2,
      [],
      "flat.tar/b.png",
      undefined,
    ]);
    const parts = await archive("parts.tar", [{ name: "train/a.png", content: png }]);
    expect((await tarShards(parts)).classes).toEqual([]);
  });

  it("names a broken image, a shortened archive, and what is no archive", async () => {
    const path = await archive("broken.tar", [
      { name: "a/1.png", content: png.subarray(0, png.length / 2) },
      { name: "b/2.png", content: png },
    ]);
    const images = await tarShards(path);
    await expect(images.get(0)).rejects.toThrow(CorruptSampleError);
    await expect(images.get(0)).rejects.toThrow(/^broken\.tar\/a\/1\.png: /);
    await expect(images.get(2)).rejects.toThrow("the index must be a whole number from 0 to 1, got 2");

    await truncate(path, 1024 + 512 + 40); // after it was indexed: in the middle of the second image
    await expect(images.get(1)).rejects.toThrow(CorruptSampleError);
    await expect(tarShards(path)).rejects.toThrow(/broken\.tar is no whole tar archive: .*Was it copied to the end\?/);
    await expect(tarShards(await folder.write("text.tar", "x".repeat(2000)))).rejects.toThrow(
      "is no whole tar archive",
    );
    await expect(tarShards(await archive("nothing.tar", []))).rejects.toThrow("must hold image files, got nothing");
  });

  it("meets arbitrary and damaged bytes with its own errors only", async () => {
    const sound = await archiveOf([
      { name: "a/1.png", content: png },
      { name: long, content: png },
    ]);
    const damaged = fc
      .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 6 })
      .map((changes) => changes.reduce((bytes, [at, value]) => bytes.fill(value, at, at + 1), Buffer.from(sound)));
    const cut = fc.nat(sound.length).map((length) => sound.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 1200 }), damaged, cut), async (bytes) => {
        const path = await folder.write("fuzz.tar", bytes);
        try {
          const images = await tarShards(path);
          for (let index = 0; index < images.length; index++) await images.get(index);
        } catch (error) {
          if (!(error instanceof CorruptSampleError)) expect((error as Error).message).toMatch(/^tarShards: /);
        }
      }),
      { numRuns: 150 },
    );
  });
});
