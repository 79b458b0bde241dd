import { beforeAll, describe, expect, it } from "vitest";
import type { Image } from "../image.js";
import { plain } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openLabelledImages } from "./open-labelled-images.js";

const folder = useTemporaryFolder();
const CLASSES = ["blue", "green", "red"];
beforeAll(async () => {
  for (const [part, count] of [
    ["train", 10],
    ["test", 4],
  ] as const) {
    for (const [label, name] of CLASSES.entries()) {
      for (let i = 0; i < count; i++) {
        const png = await plain([40 * label, 10 * i, part === "test" ? 9 : 0])
          .png()
          .toBuffer();
        await folder.write(`images/${part}/${name}/00${i}.png`, png);
      }
    }
  }
});

const countsOf = (labels: Int32Array) => [0, 1, 2].map((label) => labels.filter((l) => l === label).length);
const ids = (images: readonly Image[]) => images.map(({ id }) => id);

describe("openLabelledImages", () => {
  it("reads both parts, with the folders' names as classes", async () => {
    const { classes, train, test, isTestHeldOut } = await openLabelledImages(folder.path("images"));
    expect(classes).toEqual(CLASSES);
    expect(countsOf(train.labels)).toEqual([10, 10, 10]);
    expect(countsOf(test.labels)).toEqual([4, 4, 4]);
    expect(isTestHeldOut).toBe(false);
    expect(train.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(train.hash).not.toBe(test.hash);
  });

  it("takes the first of each class, of the training part only", async () => {
    const { train, test } = await openLabelledImages(folder.path("images"), { perClass: 2 });
    expect(ids(train.examples).map((id) => id.slice(-7))).toEqual(Array(3).fill(["000.png", "001.png"]).flat());
    expect(test.examples.length).toBe(12);
  });

  it("holds out a fifth of each class where there is no test part, the same fifth every time", async () => {
    const open = () => openLabelledImages(folder.path("images/train"));
    const [{ train, test, isTestHeldOut }, again] = [await open(), await open()];
    expect(isTestHeldOut).toBe(true);
    expect([countsOf(train.labels), countsOf(test.labels)]).toEqual([
      [8, 8, 8],
      [2, 2, 2],
    ]);
    expect(ids(train.examples).filter((id) => ids(test.examples).includes(id))).toEqual([]);
    expect(again.test.hash).toBe(test.hash);
  });

  it("names an image that cannot be read, and stops where there are too many", async () => {
    await folder.write("images/train/green/000.png", "");
    const told: string[] = [];
    const onCorrupt = ({ id }: { id: string }) => told.push(id);
    await expect(openLabelledImages(folder.path("images"), { onCorrupt, maxCorrupt: 0 })).rejects.toThrow(
      /at most 0 of 30 images may be broken, and 1 cannot be read:\n.*000\.png/,
    );
    expect(told).toEqual(["green/000.png"]);
    const { train } = await openLabelledImages(folder.path("images")); // one of 30 is few enough
    expect(countsOf(train.labels)).toEqual([10, 9, 10]);
  });

  it("asks for labels where there are none, and for the same classes in both parts", async () => {
    await expect(openLabelledImages(folder.path("images/test/green"))).rejects.toThrow(
      "must have labels, and has none",
    );
    const png = await plain([0, 0, 0]).png().toBuffer();
    for (const name of ["train/a/0", "train/b/0", "test/a/0", "test/c/0"])
      await folder.write(`uneven/${name}.png`, png);
    await expect(openLabelledImages(folder.path("uneven"))).rejects.toThrow(
      "every class of the test part of " +
        folder.path("uneven") +
        " must be in its train part too, and c is not: train has a, b.",
    );
  });

  const write = async (root: string, ...names: string[]) => {
    for (const [n, name] of names.entries()) {
      const png = await plain([40, 10 * n, 1])
        .png()
        .toBuffer();
      await folder.write(`${root}/${name}`, png);
    }
    return folder.path(root);
  };
  const pair = (...folders: string[]) => folders.flatMap((name) => [`${name}/1.png`, `${name}/2.png`]);

  it("tests on the test part where it has labels, else on validation, else on a fifth, and says so", async () => {
    const reading = async (root: string, ...names: string[]) => {
      const { found, isTestHeldOut, test } = await openLabelledImages(await write(root, ...names));
      return [...found!.reading!, isTestHeldOut, test.examples.length];
    };
    const train = pair("train/a", "train/b");
    expect(await reading("three", ...train, ...pair("val/a"), "test/a/1.png")).toEqual([
      "learns from train, tested on test",
      false,
      1,
    ]);
    expect(await reading("kaggle", ...train, ...pair("val/b"), ...pair("test"))).toEqual([
      "learns from train, tested on validation; the test part has no labels",
      false,
      2,
    ]);
    const five = [...train, ...pair("train/a/x", "train/b/x"), "train/a/9.png", "train/b/9.png"];
    expect(await reading("held", ...five, ...pair("unlabeled"))).toEqual([
      "a fifth of each class of train is held out for testing",
      true,
      2,
    ]);
  });

  it("takes a class that is missing in the test part, and tells what was found before it reads", async () => {
    const order: string[] = [];
    const root = await write("missing", ...pair("train/a", "train/b", "test/b"));
    await folder.write("missing/test/b/3.png", "");
    const { classes, test } = await openLabelledImages(root, {
      onFound: ({ parts }) => order.push(...parts.map(({ name, perClass }) => `${name} ${perClass}`)),
      onCorrupt: ({ id }) => order.push(id),
    });
    expect(order).toEqual(["train 2,2", "test 0,3", "b/3.png"]);
    expect([classes, [...test.labels]]).toEqual([
      ["a", "b"],
      [1, 1],
    ]);
  });

  it("names each broken image where there are too many, up to twenty, and counts them", async () => {
    const root = await write("bad", ...Array.from({ length: 25 }, (_, n) => `${n % 2 === 0 ? "a" : "b"}/good${n}.png`));
    for (let n = 0; n < 25; n++) await folder.write(`bad/${n % 2 === 0 ? "a" : "b"}/bad${n}.png`, "");
    const error = await openLabelledImages(root).catch((reason: Error) => reason.message);
    expect(error).toMatch(/at most 10 of 40 images may be broken, and \d+ cannot be read:\n {2}a\/bad/);
    expect(error).toMatch(/allow it by \{ maxCorrupt: \d+ \}/);
    expect((error as string).split("\n").filter((line) => line.startsWith("  ")).length).toBeLessThanOrEqual(21);
    expect((await openLabelledImages(root, { maxCorrupt: 0.9 })).train.examples.length).toBeGreaterThan(10);
  });

  it("tells the true cause where data cannot be opened", async () => {
    await folder.write("shut/all.tar", "x".repeat(2000));
    await expect(openLabelledImages(folder.path("shut"))).rejects.toThrow("all.tar is no whole tar archive");
    await expect(openLabelledImages(await write("alone", ...pair("test/a", "test/b")))).rejects.toThrow(
      "must have a part to learn from, got test alone",
    );
  });
});
