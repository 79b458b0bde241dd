import { beforeAll, describe, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { surveyImages } from "./survey-images.js";

const folder = useTemporaryFolder();
const NAMES = ["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"];

/** Planes of 96 × 96, column by column: red is the row, green the column, blue the image's number. */
function images(count: number): Uint8Array {
  const bytes: number[] = [];
  for (let n = 0; n < count; n++) {
    for (let channel = 0; channel < 3; channel++)
      for (let x = 0; x < 96; x++) for (let y = 0; y < 96; y++) bytes.push([y, x, n][channel]!);
  }
  return Uint8Array.from(bytes);
}

describe("STL-10", () => {
  beforeAll(async () => {
    await folder.write("stl10_binary/train_X.bin", images(3));
    await folder.write("stl10_binary/train_y.bin", Uint8Array.of(1, 10, 2));
    await folder.write("stl10_binary/test_X.bin", images(2));
    await folder.write("stl10_binary/test_y.bin", Uint8Array.of(10, 1));
    await folder.write("stl10_binary/unlabeled_X.bin", images(4));
    await folder.write("stl10_binary/class_names.txt", `${NAMES.join("\n")}\n`);
    await folder.write("stl10_binary/fold_indices.txt", "0 1 2");
  });

  it("has a train, a test and an unlabelled part; labels begin at 1, planes lie column by column", async () => {
    const { parts, labelled, found, open } = await surveyImages(folder.path("stl10_binary"));
    expect([parts, labelled]).toEqual([
      ["train", "test", "unlabelled"],
      ["train", "test"],
    ]);
    expect(found.classes).toEqual(["airplane", "bird", "truck"]);
    const train = await open({ part: "train" });
    expect([0, 1, 2].map((row) => train.label(row))).toEqual([0, 2, 1]);
    const { pixels } = await train.get(2);
    const at = 3 * (96 * 5 + 70); // row 5, column 70
    expect([...pixels.subarray(at, at + 3)]).toEqual([5, 70, 2]);
    const both = await open({ part: ["train", "unlabelled"] });
    expect([both.length, both.classes, both.label(0), both.id(3)]).toEqual([7, [], undefined, "unlabeled_X.bin/0"]);
  });

  it("is refused where files do not fit each other", async () => {
    await folder.write("few/train_X.bin", images(2));
    await folder.write("few/train_y.bin", Uint8Array.of(1));
    await expect(surveyImages(folder.path("few"))).rejects.toThrow("a label for each of the 2 images, got 1");
    await folder.write("zero/train_X.bin", images(1));
    await folder.write("zero/train_y.bin", Uint8Array.of(0));
    await expect(surveyImages(folder.path("zero"))).rejects.toThrow("labels from 1 to 10, got 0");
    await folder.write("cut/train_X.bin", images(1).subarray(1));
    await expect(surveyImages(folder.path("cut"))).rejects.toThrow("must hold images of 27648 bytes, got 27647");
  });
});
