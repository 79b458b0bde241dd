import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Layout, layoutOf } from "./folder-layout.js";

const WHERE = { where: "data", who: "openImages", noun: "images" };

/** `train cat 2` of two images in train/cat. */
function told(paths: readonly string[], layout?: Layout): string[] {
  const { parts, outside } = layoutOf(paths, { ...WHERE, layout });
  const counts = new Map<string, number>();
  for (const { name, rows, className } of parts) {
    for (const row of rows) {
      const key = `${name} ${className(row) ?? "-"}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  if (outside.length > 0) counts.set("outside", outside.length);
  return [...counts].map(([key, count]) => `${key} ${count}`).sort();
}

const files = (...folders: string[]) => folders.flatMap((folder) => [`${folder}/0.png`, `${folder}/1.png`]);

describe("layoutOf", () => {
  it.each<[rule: string, paths: string[], told: string[]]>([
    ["loose images are one set without labels", ["0.png", "1.png"], ["all - 2"]],
    ["a folder a class", files("cat", "dog"), ["all cat 2", "all dog 2"]],
    ["the outer folder is the class", files("cat/black", "dog"), ["all cat 2", "all dog 2"]],
    ["parts, and a folder a class in each", files("train/cat", "val/cat"), ["train cat 2", "validation cat 2"]],
    ["parts without classes", files("train", "test"), ["test - 2", "train - 2"]],
    ["names of parts in any case", files("TRAIN/a", "Valid/a"), ["train a 2", "validation a 2"]],
    [
      "all the field's names",
      files("training/a", "testing/a", "dev/a", "unlabeled"),
      ["test a 2", "train a 2", "unlabelled - 2", "validation a 2"],
    ],
    [
      "an unlabelled part has no classes whatever its folders",
      files("train/a", "unsup/x"),
      ["train a 2", "unlabelled - 2"],
    ],
    ["two folders of one part are one part", files("train/a", "val/a", "valid/a"), ["train a 2", "validation a 4"]],
    ["years beside the word, as in COCO", files("train2017", "val2017"), ["train - 2", "validation - 2"]],
    [
      "a word beside the word, as in Kaggle's sets",
      files("seg_train/seg_train/sea", "seg_test/seg_test/sea"),
      ["test sea 2", "train sea 2"],
    ],
    ["`set` beside the word", files("training_set/cats", "test_set/cats"), ["test cats 2", "train cats 2"]],
    ["folders around all of it are passed through", files("x/y/train/a", "x/y/test/a"), ["test a 2", "train a 2"]],
    [
      "a folder that only wraps inside a part",
      files("train/images/a", "train/images/b", "test/images/a"),
      ["test a 2", "train a 2", "train b 2"],
    ],
    ["folders of classes inside one folder", files("animals/cat", "animals/dog"), ["all cat 2", "all dog 2"]],
    [
      "classes bus, car and train are three classes",
      files("bus", "car", "train"),
      ["all bus 2", "all car 2", "all train 2"],
    ],
    ["freight_train beside others is a class", files("bus", "freight_train"), ["all bus 2", "all freight_train 2"]],
    [
      "test1, test2, test3 are classes",
      files("test1", "test2", "test3"),
      ["all test1 2", "all test2 2", "all test3 2"],
    ],
    [
      "classes beside a folder of unlabelled images",
      files("cat", "dog", "unlabeled"),
      ["train cat 2", "train dog 2", "unlabelled - 2"],
    ],
    [
      "parts inside each class",
      files("cat/train", "cat/test", "dog/train", "dog/test"),
      ["test cat 2", "test dog 2", "train cat 2", "train dog 2"],
    ],
    [
      "little beside two parts with classes is passed over",
      [...files("train/a", "train/b", "val/a"), "photos/0.png", "cover.png"],
      ["outside 2", "train a 2", "train b 2", "validation a 2"],
    ],
    [
      "a cover beside one part is passed over",
      [...files("train/a", "train/b"), "cover.png"],
      ["outside 1", "train a 2", "train b 2"],
    ],
  ])("%s", (_, paths, expected) => {
    expect(told(paths)).toEqual(expected);
  });

  it.each<[rule: string, paths: string[]]>([
    ["a train part or a class of that name beside one other folder", files("photos", "train")],
    ["a train part with classes beside a folder", [...files("train/a", "train/b"), "photos/0.png"]],
    ["flat parts beside another folder", files("train", "test", "photos")],
    ["more beside the parts than in them", files("train/a", "val/a", "x", "y", "z")],
    ["a class may be called test", files("control", "patient", "test")],
  ])("refuses %s, with both ways on", (_, paths) => {
    expect(() => told(paths)).toThrow(
      /^openImages: data holds folders that are named as parts .*\{ layout: "parts" \}.*\{ layout: "classes" \}/,
    );
    expect(told(paths, "classes").every((line) => line.startsWith("all "))).toBe(true);
    expect(told(paths, "parts").some((line) => /^(train|test|validation) /.test(line))).toBe(true);
  });

  it("refuses several sets beside each other, and parts in some classes only", () => {
    expect(() => told(files("mnist/train/0", "mnist/test/0", "cifar/train/cat", "cifar/test/cat"))).toThrow(
      "holds parts inside several folders (mnist, cifar): are these sets of their own?",
    );
    expect(() => told(files("bottle/train/good", "bottle/test/good", "screw"))).toThrow("are these sets of their own?");
    expect(() => told(files("cat", "dog"), "parts")).toThrow("must hold folders named as parts (train, test, val, …)");
  });

  it("lays out more images than a call can take as arguments", () => {
    const paths = Array.from({ length: 300_000 }, (_, n) => `train/${n % 2 === 0 ? "a" : "b"}/${n}.png`);
    expect(told(paths)).toEqual(["train a 150000", "train b 150000"]);
  });

  it("gives ids that begin inside a part's folder, or whole paths where a part is several folders", () => {
    const paths = files("x/train/a", "x/val/a", "x/valid/a");
    const starts = layoutOf(paths, WHERE).parts.map(({ rows, idStart }) => paths[rows[0]!]!.slice(idStart));
    expect(starts).toEqual(["a/0.png", "x/val/a/0.png"]);
  });
});

describe("layouts of generated trees", () => {
  const CLASSES = ["ant", "bee", "cat", "dog"];
  const PARTS = [
    ["train", "train"],
    ["training", "train"],
    ["val", "validation"],
    ["valid", "validation"],
    ["dev", "validation"],
    ["test", "test"],
    ["testing", "test"],
    ["unlabeled", "unlabelled"],
  ] as const;
  const wrapper = fc.constantFrom("", "set/", "a/b/");
  const classes = fc.subarray(CLASSES, { minLength: 2 });
  const partsArbitrary = fc.subarray([...PARTS], { minLength: 1 });

  it("each image of a set in parts is in the part and the class of its folders, and in no other", () => {
    fc.assert(
      fc.property(wrapper, classes, partsArbitrary, fc.integer({ min: 1, max: 3 }), (above, names, parts, count) => {
        const paths = parts.flatMap(([folder]) =>
          names.flatMap((name) => Array.from({ length: count }, (_, n) => `${above}${folder}/${name}/${n}.png`)),
        );
        const layout = layoutOf(paths, WHERE);
        expect(layout.outside).toEqual([]);
        const seen = new Map<number, string>();
        for (const { name, rows, className } of layout.parts) {
          for (const row of rows) {
            expect(seen.has(row)).toBe(false);
            seen.set(row, `${name} ${className(row)}`);
          }
        }
        for (const [row, path] of paths.entries()) {
          const [folder, name] = path.slice(above.length).split("/");
          const part = PARTS.find(([known]) => known === folder)![1];
          expect(seen.get(row)).toBe(`${part} ${part === "unlabelled" ? undefined : name}`);
        }
      }),
    );
  });

  it("whatever lies beside, an image of a test folder is never told to be for training", () => {
    const segment = fc.constantFrom("train", "test", "val", "cat", "dog", "photos", "images", "unlabeled", "test_set");
    const path = fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.nat(3))
      .map(([names, n]) => [...names, `${n}.png`].join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 12 }), (paths) => {
        let layout: ReturnType<typeof layoutOf>;
        try {
          layout = layoutOf(paths, WHERE);
        } catch (error) {
          expect((error as Error).message).toMatch(/^openImages: data holds .*layout: "classes"/);
          return;
        }
        const rows = layout.parts.flatMap((part) => [...part.rows]);
        expect([...rows, ...layout.outside].sort((a, b) => a - b)).toEqual([...paths.keys()]); // none lost, none twice
        const learned = layout.parts
          .filter(({ name }) => name === "train" || name === "all")
          .flatMap((part) => [...part.rows]);
        const tops = new Set(paths.map((name) => name.split("/")[0]));
        if (tops.size > 1) for (const row of learned) expect(["test", "val"]).not.toContain(paths[row]!.split("/")[0]);
      }),
      { numRuns: 1000 },
    );
  });

  it("remarks what might have been meant otherwise", () => {
    const remarks = (...folders: string[]) => layoutOf(files(...folders), WHERE).remarks;
    expect(remarks("fold1/cat", "fold1/dog", "fold2/cat", "fold2/dog")).toEqual([
      "each of fold1, fold2 holds the same folders (cat, dog): the outer ones are taken for the classes",
    ]);
    expect(remarks("cat/black", "cat/white", "dog/black")).toEqual([]);
    expect(remarks("train/a", "training/a", "test/a")).toEqual(["train is 2 folders together: train, training"]);
    expect(remarks("train/a", "test/a")).toEqual([]);
  });
});
