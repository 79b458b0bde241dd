import { describe, expect, it } from "vitest";
import { describeFoundData } from "./found-data.js";

describe("describeFoundData", () => {
  it("says kind, parts with classes and counts, columns, and what is passed over", () => {
    const lines = describeFoundData(
      {
        kind: "a CSV table",
        reading: ["latin1"],
        columns: { text: "tweet", label: "target" },
        classes: ["cat", "dog"],
        parts: [
          { name: "train", files: 1, examples: 1500, perClass: [1000, 500] },
          { name: "test", files: 2, examples: 20, perClass: [] },
        ],
        passedOver: [
          { what: ".txt files", count: 4, names: ["a.txt", "b.txt", "c.txt", "d.txt"] },
          { what: "rows without a label", count: 1, names: [] },
        ],
        remarks: ["5 texts are empty"],
      },
      "texts",
    );
    expect(lines).toEqual([
      "a CSV table, latin1",
      '  columns: text from "tweet", label from "target"',
      "  train: 1,500 texts in 1 file; cat 1,000, dog 500",
      "  test: 20 texts in 2 files; no labels",
      "  not read: 4 .txt files (a.txt, b.txt, c.txt, …)",
      "  not read: 1 row without a label",
      "  5 texts are empty",
    ]);
  });

  it("says of one example that it is one, and nothing of labels where nothing has any", () => {
    const parts = [{ name: "all" as const, files: 1, examples: 1, perClass: [] }];
    expect(describeFoundData({ kind: "documents", classes: [], parts, passedOver: [] }, "texts")).toEqual([
      "documents",
      "  all: 1 text in 1 file",
    ]);
  });

  it("names the first of many classes and their range", () => {
    const classes = Array.from({ length: 200_000 }, (_, label) => `c${label}`);
    const perClass = classes.map((_, label) => 2 + (label % 5));
    const [, part] = describeFoundData(
      { kind: "images", classes, parts: [{ name: "all", files: 9, perClass }], passedOver: [] },
      "images",
    );
    expect(part).toContain("all: 9 files; 200000 classes of 2 to 6: c0 2, c1 3");
  });
});
