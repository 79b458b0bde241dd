import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { cifarBinary } from "./cifar-binary.js";

const folder = useTemporaryFolder();

/** Red 10, green 20, blue 30, but for one pixel at row 2, column 3: 1, 2, 3. */
function record(...labels: number[]): number[] {
  const planes = [10, 20, 30].flatMap((value, channel) => {
    const plane = new Array<number>(1024).fill(value);
    plane[2 * 32 + 3] = channel + 1;
    return plane;
  });
  return [...labels, ...planes];
}

describe("cifarBinary", () => {
  beforeAll(async () => {
    await folder.write("ten/data_batch_1.bin", Uint8Array.from([...record(3), ...record(9)]));
    await folder.write("ten/data_batch_2.bin", Uint8Array.from(record(0)));
    await folder.write(
      "ten/batches.meta.txt",
      "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n",
    );
    await folder.write("hundred/train.bin", Uint8Array.from([...record(19, 99), ...record(0, 5)]));
  });

  it("reads CIFAR-10 with the names beside it", async () => {
    const images = await cifarBinary([folder.path("ten/data_batch_1.bin"), folder.path("ten/data_batch_2.bin")]);
    expect([images.length, images.classes[3], images.classes.length]).toEqual([3, "cat", 10]);
    expect([0, 1, 2].map((index) => [images.id(index), images.label(index)])).toEqual([
      ["data_batch_1.bin/0", 3],
      ["data_batch_1.bin/1", 9],
      ["data_batch_2.bin/0", 0],
    ]);
    const image = await images.get(1);
    expect(image).toMatchObject({ id: "data_batch_1.bin/1", height: 32, width: 32, channels: 3, label: 9 });
    expect([...image.pixels.subarray(0, 3)]).toEqual([10, 20, 30]);
    expect([...image.pixels.subarray(3 * 67, 3 * 67 + 6)]).toEqual([1, 2, 3, 10, 20, 30]);
  });

  it("reads CIFAR-100 by its fine labels", async () => {
    const images = await cifarBinary(folder.path("hundred/train.bin"), { channels: 1, size: 16 });
    expect([images.length, images.label(0), images.label(1), images.classes.length]).toEqual([2, 99, 5, 100]);
    expect(await images.get(0)).toMatchObject({ height: 16, width: 16, channels: 1, label: 99 });
  });

  it("refuses other files", async () => {
    const odd = await folder.write("odd.bin", new Uint8Array(3000));
    await expect(cifarBinary(odd)).rejects.toThrow("records of 3073 bytes with labels to 9 (CIFAR-10) or of 3074");
    await expect(cifarBinary(odd)).rejects.toThrow("got odd.bin with 3000 bytes");
    const mislabelled = await folder.write("label.bin", Uint8Array.from(record(10)));
    await expect(cifarBinary(mislabelled)).rejects.toThrow("got label.bin with 3073 bytes");
    await expect(cifarBinary([])).rejects.toThrow("got no file");
  });

  it("meets arbitrary bytes with its own errors only", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 3072, 3073, 3074, 6146),
        fc.nat(255),
        fc.nat(255),
        async (length, first, second) => {
          const bytes = new Uint8Array(length).fill(first).fill(second, 1, 2);
          const path = await folder.write("fuzz.bin", bytes);
          const isSound = (length % 3073 === 0 && length > 0 && first < 10) || (length === 3074 && second < 100);
          const opened = await cifarBinary(path).then(
            (images) => images.length,
            (error: Error) => error.message.split(":")[0],
          );
          expect(opened).toBe(isSound ? Math.floor(length / 3073) : "cifarBinary");
        },
      ),
      { numRuns: 100 },
    );
  });
});
