import { mkdir, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { CorruptSampleError, describeFoundData } from "@autodidact/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ramp } from "../testing/image-files.js";
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
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(folder.path("broken/5.png"), resolve));
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
    server.close();
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
    await expect(surveyImages(folder.path("absent"))).rejects.toThrow(
      /^openImages: .*absent cannot be opened: nothing of that name is there/,
    );
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
    expect(await reason("why4", "cat/1.png", "cat/2.png")).toBe(
      "they all lie in one folder, cat, and one class tells nothing apart",
    );
    expect((await surveyImages(folder.path("why4"))).found.remarks).toEqual(["all lie in one folder, cat"]);
    expect(await reason("why3", "train/a/1.png", "train/a/2.png")).toBe("there is one class alone, a");
  });
});
