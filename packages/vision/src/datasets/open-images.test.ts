import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { archiveOf, ramp } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openImages } from "./open-images.js";

const folder = useTemporaryFolder();
const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 42]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 1, 3]);

beforeAll(async () => {
  const png = await ramp().png().toBuffer();
  await folder.write("mnist/train-images-idx3-ubyte.gz", gzipSync(images));
  await folder.write("mnist/train-labels-idx1-ubyte", labels);
  await folder.write("mnist/t10k-images-idx3-ubyte", images);
  await folder.write("cifar/data_batch_1.bin", new Uint8Array(3073));
  await folder.write("cifar/data_batch_2.bin", new Uint8Array(3073));
  await folder.write("cifar/test_batch.bin", new Uint8Array(3073));
  await folder.write(
    "tars/set-train.tar",
    await archiveOf(["a", "b"].map((name) => ({ name: `train/${name}/1.png`, content: png }))),
  );
  await folder.write("tars/set-test.tar", await archiveOf([{ name: "test/a/1.png", content: png }]));
  await folder.write("shards/0.tar", await archiveOf([{ name: "train/a/1.png", content: png }]));
  await folder.write("shards/1.tar", await archiveOf([{ name: "test/a/1.png", content: png }]));
  await folder.write("folders/train/a/1.png", png);
  await folder.write("folders/train/b/1.png", png);
  await folder.write("photos/1.png", png);
  await folder.write("text/notes.txt", "");
});

describe("openImages", () => {
  it.each([
    ["mnist", "train", 1, "train-images-idx3-ubyte.gz/0", 0],
    ["mnist", "test", 1, "t10k-images-idx3-ubyte/0", undefined],
    ["mnist/train-images-idx3-ubyte.gz", undefined, 1, "train-images-idx3-ubyte.gz/0", 0],
    ["cifar", "train", 2, "data_batch_1.bin/0", 0],
    ["cifar", "test", 1, "test_batch.bin/0", 0],
    ["tars", "train", 2, "set-train.tar/train/a/1.png", 0],
    ["tars/set-train.tar", undefined, 2, "set-train.tar/train/a/1.png", 0],
    ["shards", "test", 1, "1.tar/test/a/1.png", undefined],
    ["folders", "train", 2, "a/1.png", 0],
    ["folders/train", undefined, 2, "a/1.png", 0],
    ["photos", undefined, 1, "1.png", undefined],
  ] as const)("opens %s, part %s", async (path, split, length, id, label) => {
    const opened = await openImages(folder.path(path), { split });
    expect([opened.length, opened.id(0), opened.label(0)]).toEqual([length, id, label]);
    expect((await opened.get(0)).id).toBe(id);
  });

  it("asks for a part where there are several", async () => {
    for (const path of ["mnist", "cifar", "tars"]) {
      await expect(openImages(folder.path(path)), path).rejects.toThrow("Choose one with split");
    }
    await expect(openImages(folder.path("folders"), { split: "test" })).rejects.toThrow(
      "must hold a test part, got train (2)",
    );
    await expect(openImages(folder.path("cifar/test_batch.bin"), { split: "train" })).rejects.toThrow(
      "must hold a train part, got test (1)",
    );
  });

  it("tells a folder of a format that is not read what to do", async () => {
    await folder.write("bitmaps/cat/a.bmp", "BM and so on");
    await expect(openImages(folder.path("bitmaps"))).rejects.toThrow(
      "BMP is not read: convert it to PNG: magick mogrify -format png *.bmp.",
    );
  });

  it("lists what it looked for", async () => {
    const rejected = expect(openImages(folder.path("text"))).rejects;
    await rejected.toThrow(
      "image files (JPEG, PNG, WebP, TIFF, GIF, AVIF, DICOM) or folders of them; .tar, .tar.gz or .tgz archives; *-images-idx3-ubyte or .gz (MNIST family); " +
        "data_batch_*.bin, test_batch.bin, train.bin, test.bin or data_batch_*, test_batch, train, test (CIFAR); " +
        "train_X.bin, test_X.bin, unlabeled_X.bin (STL-10). Got 1 .txt file (notes.txt).",
    );
    await expect(openImages(folder.path("text/notes.txt"))).rejects.toThrow("Got notes.txt.");
    await expect(openImages(folder.path("absent"))).rejects.toThrow("cannot be opened: nothing of that name is there");
  });
});
