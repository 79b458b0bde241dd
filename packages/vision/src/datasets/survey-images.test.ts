import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { CorruptSampleError, describeFoundData } from "@autodidact/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type ArchiveEntry, archiveOf, plain, ramp } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { surveyImages } from "./survey-images.js";

const folder = useTemporaryFolder();
let png: Buffer;
beforeAll(async () => {
  png = await ramp().png().toBuffer();
});

async function write(root: string, ...names: string[]): Promise<string> {
  for (const name of names) await folder.write(`${root}/${name}`, png);
  return folder.path(root);
}

const shapeOf = async (path: string) => {
  const { found } = await surveyImages(path);
  return Object.fromEntries(found.parts.map(({ name, examples }) => [name, examples]));
};

describe("surveyImages of a folder", () => {
  it("reads parts whatever hidden, foreign and empty folders stand beside, and says what is not read", async () => {
    const root = await write("beside", "train/cat/1.png", "train/cat/2.png", "train/dog/3.png", "valid/cat/4.png");
    await write("beside", ".git/x.png", "__MACOSX/y.png", ".thumb.png");
    await folder.write("beside/docs/readme.txt", "");
    await folder.write("beside/train/cat/1.xml", "");
    await folder.write("beside/train/cat/5.heic", "");
    await folder.write("beside/notes", "");
    const { found, labelled, learnableClasses } = await surveyImages(root);
    expect(found).toEqual({
      kind: "a folder of images",
      classes: ["cat", "dog"],
      parts: [
        { name: "train", files: 3, examples: 3, perClass: [2, 1] },
        { name: "validation", files: 1, examples: 1, perClass: [1, 0] },
      ],
      passedOver: [
        { what: "hidden files and folders", count: 2, names: [".git", ".thumb.png"] },
        { what: "folders of other programs", count: 1, names: ["__MACOSX"] },
        { what: "other files", count: 1, names: ["notes"] },
        { what: ".xml files", count: 1, names: ["train/cat/1.xml"] },
        { what: ".heic files", count: 1, names: ["train/cat/5.heic"] },
        { what: ".txt files", count: 1, names: ["docs/readme.txt"] },
        { what: "folders without images", count: 1, names: ["docs"] },
      ],
    });
    expect([labelled, learnableClasses]).toEqual([["train", "validation"], 2]);
    expect(describeFoundData(found, "images")).toContain("  train: 3 images in 3 files; cat 2, dog 1");
  });

  it("never reads the pictures of a run, wherever it lies, and is no run itself", async () => {
    const root = await write("withrun", "cat/1.png", "dog/2.png", "runs/first/pictures/0001.png", "mine/encoder/3.png");
    await folder.write("withrun/runs/first/config.json", JSON.stringify({ method: "simclr", steps: 3 }));
    await folder.write("withrun/runs/first/metrics.jsonl", "");
    await folder.write("withrun/mine/config.json", JSON.stringify({ model: "mine" })); // not a run's
    const { found } = await surveyImages(root);
    expect(found.classes).toEqual(["cat", "dog", "mine"]);
    expect(found.passedOver).toContainEqual({ what: "folders of runs", count: 1, names: ["runs/first"] });
    await expect(surveyImages(folder.path("withrun/runs/first"))).rejects.toThrow("is the folder of a run");
  });

  it("follows links to parts and classes, each real folder once, circles too", async () => {
    await write("elsewhere", "cat/1.png", "dog/2.png");
    await write("linked", "test/cat/3.png", "test/dog/4.png");
    await symlink(folder.path("elsewhere"), folder.path("linked/train"));
    await symlink(folder.path("linked/test"), folder.path("linked/val"));
    await symlink(folder.path("linked"), folder.path("linked/test/dog/up"));
    const { found } = await surveyImages(folder.path("linked"));
    expect(found.parts.map(({ name, examples }) => [name, examples])).toEqual([
      ["train", 2],
      ["test", 2],
    ]);
    expect(found.passedOver).toEqual([
      { what: "links to folders that are read already", count: 2, names: ["val", "test/dog/up"] },
    ]);
  });

  it("takes what is named as an image and cannot be read for one broken image, named", async () => {
    const root = await write("broken", "1.png");
    await mkdir(folder.path("broken/2.png"));
    await symlink("/nowhere", folder.path("broken/3.jpg"));
    await symlink("4.png", folder.path("broken/4.png"));
    execFileSync("mkfifo", [folder.path("broken/5.png")]);
    await symlink("/nowhere", folder.path("broken/notes"));
    const { found, open } = await surveyImages(root);
    expect(found.passedOver).toEqual([{ what: "links that lead nowhere", count: 1, names: ["notes"] }]);
    const images = await open();
    const outcomes: string[] = [];
    for (let index = 0; index < images.length; index++) {
      for (const read of [() => images.get(index), () => images.header!(index)]) {
        const error = await read().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) outcomes.push(`${images.id(index)} is read`);
        else expect(error).toBeInstanceOf(CorruptSampleError);
        if (error !== undefined) outcomes.push((error as Error).message);
      }
    }
    expect(outcomes).toEqual(
      [
        "1.png is read",
        "2.png: it is a folder",
        "3.jpg: there is no such file: a link that leads nowhere, or it was removed",
        "4.png: its links lead in a circle",
        "5.png: it is no regular file",
      ].flatMap((outcome) => [outcome, outcome]),
    );
  });

  it("never takes masks for images, nor for a class", async () => {
    const kinds = async (root: string, ...names: string[]) => {
      const { found } = await surveyImages(await write(root, ...names));
      return [found.parts.map(({ name, examples }) => `${name} ${examples}`), found.classes, found.passedOver[0]?.what];
    };
    expect(await kinds("masks1", "images/1.png", "masks/1.png")).toEqual([["all 1"], [], "masks beside the images"]);
    expect(
      await kinds("masks2", "train/images/1.png", "train/labels/1.png", "val/images/2.png", "val/labels/2.png"),
    ).toEqual([["train 1", "validation 1"], [], "masks beside the images"]);
    expect(await kinds("masks3", "labels/1.png", "covers/2.png")).toEqual([["all 2"], ["covers", "labels"], undefined]);
  });

  it("opens one image file", async () => {
    const { open } = await surveyImages(`${await write("one", "x.png", "y.png")}/y.png`);
    const images = await open();
    expect([images.length, (await images.get(0)).id]).toEqual([1, "y.png"]);
  });

  it("finds the same set whatever hidden, foreign and empty folders lie among it", async () => {
    const name = fc.constantFrom("ant", "bee", "cat");
    const file = fc
      .tuple(fc.constantFrom("train", "val", "test"), name, fc.nat(3))
      .map(([part, kind, n]) => `${part}/${kind}/${n}.png`);
    const stray = fc
      .tuple(
        fc.constantFrom("", "train/", "train/cat/"),
        fc.constantFrom(".git", "__MACOSX", ".cache/x", "@eaDir", "node_modules/p"),
      )
      .map(([above, folders]) => `${above}${folders}/9.png`);
    let trees = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(file, { minLength: 3, maxLength: 9 }),
        fc.uniqueArray(stray, { maxLength: 4 }),
        async (files, strays) => {
          const root = await write(`generated/${trees++}`, ...files, ...strays);
          const { found } = await surveyImages(root);
          const expected = (part: string) => files.filter((path) => path.startsWith(`${part}/`)).length;
          for (const [folderName, part] of [
            ["train", "train"],
            ["val", "validation"],
            ["test", "test"],
          ] as const)
            expect(found.parts.find((other) => other.name === part)?.examples ?? 0).toBe(expected(folderName));
          const kinds = new Set(files.map((path) => path.split("/")[1]));
          expect(found.classes.length).toBe(kinds.size < 2 ? 0 : kinds.size);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("tells the true cause where a path or a folder cannot be opened", async () => {
    await expect(surveyImages(folder.path("absent"))).rejects.toThrow(/^openImages: .*absent cannot be opened: ENOENT/);
    await folder.write("shut/train.tar", "x".repeat(2000));
    await expect(surveyImages(folder.path("shut"))).rejects.toThrow("train.tar is no whole tar archive");
  });

  it("knows the classes of the training part in every part, and what other parts have beside them", async () => {
    const root = await write("uneven", "train/a/1.png", "train/c/2.png", "test/c/3.png", "test/b/4.png");
    const { found, learnableClasses, open } = await surveyImages(root);
    expect([found.classes, learnableClasses]).toEqual([["a", "c", "b"], 2]);
    const test = await open({ part: "test" });
    expect([0, 1].map((row) => [test.id(row), test.label(row)])).toEqual([
      ["b/4.png", 2],
      ["c/3.png", 1],
    ]);
    const both = await open({ part: ["train", "test"] });
    expect([both.length, both.id(2), (await both.get(3)).id]).toEqual([4, "test/b/4.png", "test/c/3.png"]);
    await expect(surveyImages(root).then((survey) => survey.open())).rejects.toThrow(
      "holds the parts train (2), test (2). Choose one with split.",
    );
  });

  it("says why there are no labels", async () => {
    const reason = async (root: string, ...names: string[]) =>
      (await surveyImages(await write(root, ...names))).whyUnlabelled;
    expect(await reason("why1", "1.png")).toBe("they lie in no folders of classes");
    expect(await reason("why2", "a/1.png", "b/2.png", "c.png")).toBe("c.png has no class, others have");
    expect(await reason("why3", "train/a/1.png", "train/a/2.png")).toBe("there is one class alone, a");
  });
});

describe("surveyImages of archives", () => {
  const entry = (name: string, content: Uint8Array | string = png): ArchiveEntry => ({
    name,
    content: Buffer.from(content),
  });
  const tar = async (name: string, ...entries: (ArchiveEntry | string)[]) =>
    folder.write(name, await archiveOf(entries.map((told) => (typeof told === "string" ? entry(told) : told))));

  it("takes classes bus, car and train for three classes", async () => {
    const path = await tar("bus.tar", "bus/1.png", "car/2.png", "train/3.png");
    expect((await surveyImages(path)).found.parts).toEqual([
      { name: "all", files: 1, examples: 3, perClass: [1, 1, 1] },
    ]);
  });

  it("reads .tar.gz and .tgz as .tar", async () => {
    const archive = await archiveOf(["train/a/1.png", "train/b/2.png", "test/a/3.png"].map((name) => entry(name)));
    for (const ending of ["tar.gz", "tgz", "TAR.GZ"]) {
      const path = await folder.write(`zipped.${ending}`, gzipSync(archive));
      const { open, found } = await surveyImages(path);
      expect(found.classes).toEqual(["a", "b"]);
      const test = await open({ part: "test" });
      const image = await test.get(0);
      expect([image.id, image.width, image.label]).toEqual([`zipped.${ending}/test/a/3.png`, 8, 0]);
    }
    const cut = await folder.write("cut.tar.gz", gzipSync(archive).subarray(0, 200));
    await expect(surveyImages(cut)).rejects.toThrow(/cut\.tar\.gz is no whole tar archive: .*unexpected end/);
  });

  it("takes webdataset's labels, numbers by their size and names", async () => {
    await tar("wds/train-000000.tar", "000.png", entry("000.cls", "10\n"), "001.png", entry("001.cls", "9"));
    await tar("wds/train-000001.tar", "002.png", entry("002.cls", "9"), entry("002.txt", "a caption"));
    await tar("wds/val-000000.tar", "003.png", entry("003.cls", "10"));
    const { found, open } = await surveyImages(folder.path("wds"));
    expect([found.classes, found.parts.map(({ name, perClass }) => [name, perClass])]).toEqual([
      ["9", "10"],
      [
        ["train", [2, 1]],
        ["validation", [0, 1]],
      ],
    ]);
    expect(found.passedOver).toEqual([{ what: ".txt files", count: 1, names: ["002.txt"] }]);
    expect((await open({ part: "train" })).label(0)).toBe(1);
    const named = await tar(
      "json.tar",
      "x/a.b.png",
      entry("x/a.json", '{"label":"cat"}'),
      "b.png",
      entry("b.json", '{"class":"dog"}'),
    );
    expect((await surveyImages(named)).found.classes).toEqual(["cat", "dog"]);
    const lacking = await tar("lacking.tar", "a.png", entry("a.cls", "1"), "b.png", entry("b.cls", "2"), "c.png");
    expect((await surveyImages(lacking)).whyUnlabelled).toBe("lacking.tar/c.png has no class, others have");
  });

  it("takes a tar a class, with a folder inside or without, synsets too, but not shards", async () => {
    await tar("each/cats.tar", "1.png", "2.png");
    await tar("each/dogs.tar", "dogs/3.png");
    expect((await surveyImages(folder.path("each"))).found.classes).toEqual(["cats", "dogs"]);
    await tar("synsets/train/n01440764.tar", "n01440764_1.JPEG");
    await tar("synsets/train/n15075141.tar", "n15075141_1.JPEG");
    await tar("synsets/val/n15075141.tar", "n15075141_2.JPEG");
    const { found } = await surveyImages(folder.path("synsets"));
    expect([found.classes, found.parts.map(({ perClass }) => perClass)]).toEqual([
      ["n01440764", "n15075141"],
      [
        [1, 1],
        [0, 1],
      ],
    ]);
    await tar("shards/data-000000.tar", "1.png");
    await tar("shards/data-000001.tar", "2.png");
    expect((await surveyImages(folder.path("shards"))).found.parts).toEqual([
      { name: "all", files: 2, examples: 2, perClass: [] },
    ]);
  });

  it("takes a tar a class, one of them train, for classes", async () => {
    for (const name of ["bus", "car", "train"]) await tar(`vehicles/${name}.tar`, "1.png");
    expect((await surveyImages(folder.path("vehicles"))).found.classes).toEqual(["bus", "car", "train"]);
  });

  it("keeps what a test archive holds out of training, whatever archive lies beside", async () => {
    await tar("parted/my-train.tar", "a/1.png", "b/2.png");
    await tar("parted/my-test.tar", "a/3.png", "b/4.png");
    await tar("parted/previews.tar", "5.png");
    expect(await shapeOf(folder.path("parted"))).toEqual({ train: 2, test: 2 });
  });

  it("reads image folders rather than the archive that they came from, and says so", async () => {
    const root = await write("unpacked", "set/cat/1.png", "set/dog/2.png");
    await tar("unpacked/set.tar", "cat/1.png", "dog/2.png");
    const { found } = await surveyImages(root);
    expect([found.classes, found.passedOver]).toEqual([
      ["cat", "dog"],
      [{ what: "archives beside what is read", count: 1, names: ["set.tar"] }],
    ]);
  });

  it("names what an archive without images holds", async () => {
    const path = await tar("cifar-10-binary.tar", entry("cifar/data_batch_1.bin", "x"));
    await expect(surveyImages(path)).rejects.toThrow(
      "must hold image files, got 1 .bin files (cifar/data_batch_1.bin). A binary set (CIFAR, STL-10, IDX) is read once it is unpacked",
    );
  });
});

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
