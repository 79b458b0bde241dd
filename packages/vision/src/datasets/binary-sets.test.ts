import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { plain } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { surveyImages } from "./survey-images.js";

const folder = useTemporaryFolder();

describe("surveyImages of binary sets", () => {
  const idxOf = (count: number) =>
    Uint8Array.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 1, 0, 0, 0, 1, ...Array(count).keys()]);
  const labelsOf = (...labels: number[]) => Uint8Array.from([0, 0, 8, 1, 0, 0, 0, labels.length, ...labels]);

  it("finds torchvision's MNIST/raw from any level, unpacked and packed files once", async () => {
    await folder.write("vision/MNIST/raw/train-images-idx3-ubyte", idxOf(3));
    await folder.write("vision/MNIST/raw/train-images-idx3-ubyte.gz", gzipSync(idxOf(3)));
    await folder.write("vision/MNIST/raw/train-labels-idx1-ubyte", labelsOf(1, 26, 2));
    await folder.write("vision/MNIST/raw/t10k-images-idx3-ubyte.gz", gzipSync(idxOf(2)));
    await folder.write("vision/MNIST/raw/t10k-labels-idx1-ubyte.gz", gzipSync(labelsOf(26, 1)));
    for (const level of ["vision", "vision/MNIST", "vision/MNIST/raw"]) {
      const { found } = await surveyImages(folder.path(level));
      expect(found.classes).toEqual(["1", "2", "26"]); // EMNIST's letters begin at 1: no class 0
      expect(found.parts).toEqual([
        { name: "train", files: 2, examples: 3, perClass: [1, 1, 1] },
        { name: "test", files: 2, examples: 2, perClass: [1, 0, 1] },
      ]);
      expect(found.passedOver).toEqual([
        { what: "files that lie there unpacked too", count: 1, names: ["train-images-idx3-ubyte.gz"] },
      ]);
    }
    await folder.write("vision/KMNIST/raw/train-images-idx3-ubyte", idxOf(1));
    await expect(surveyImages(folder.path("vision"))).rejects.toThrow(
      "holds several sets: IDX files of images in KMNIST/raw; IDX files of images in MNIST/raw. Name the folder of one.",
    );
  });

  it("refuses a folder of several sets of one kind, and reads the one that is named", async () => {
    for (const set of ["balanced", "letters"])
      await folder.write(`emnist/emnist-${set}-train-images-idx3-ubyte`, idxOf(1));
    await expect(surveyImages(folder.path("emnist"))).rejects.toThrow("holds several sets: emnist-balanced-train");
    const one = await surveyImages(folder.path("emnist/emnist-letters-train-images-idx3-ubyte"));
    expect(one.found.parts[0]).toMatchObject({ name: "train", examples: 1 });
  });

  it("does not take train.bin among images for CIFAR, nor images for a preview of it", async () => {
    const colours = await plain([1, 2, 3]).png().toBuffer();
    for (let n = 0; n < 12; n++) await folder.write(`model/${n % 2}/${n}.png`, colours);
    await folder.write("model/train.bin", "weights");
    expect((await surveyImages(folder.path("model"))).found.parts).toMatchObject([{ name: "all", examples: 12 }]);
    await folder.write("cifar/data_batch_1.bin", new Uint8Array(3073));
    await folder.write("cifar/preview.png", colours);
    const { found } = await surveyImages(folder.path("cifar"));
    expect([found.kind, found.passedOver[0]?.what]).toEqual(["CIFAR, binary version", "images beside what is read"]);
  });
});
