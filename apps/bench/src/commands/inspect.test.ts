import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorruptSampleError, describeInspection, encodePng, type Inspection } from "@autodidact/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";
import { images } from "../images/modality.js";
import type { Modality } from "../modality.js";
import { program } from "../program.js";
import { text } from "../text/modality.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterAll(() => rm(folder, { recursive: true }));
const at = (path: string) => join(folder, path);

const sound: Inspection = {
  found: {
    kind: "a folder of images, a folder a class",
    classes: ["cat", "dog"],
    parts: [
      { name: "train", files: 90, examples: 90, perClass: [60, 30] },
      { name: "test", files: 3, examples: 3, perClass: [3, 0] },
    ],
    passedOver: [],
  },
  broken: [],
  sizes: [{ size: "32 × 32, 3 channels", count: 93 }],
  duplicates: [],
};
const picture = { pixels: new Uint8Array(12), height: 2, width: 2, channels: 3 as const };
const twice = {
  first: { id: "cat/1.png", part: "train" },
  second: { id: "cat/7.png", part: "test" },
  isExact: true,
} as const;
const broken: Inspection = {
  ...sound,
  sheet: picture,
  broken: Array.from({ length: 30 }, (_, i) => new CorruptSampleError(`cat/${i}.png`, "is cut off")),
  duplicates: [...Array(25).fill(twice), { ...twice, isExact: false }],
};

const seeing = (modality: Modality, inspect: Modality["inspect"]): Modality => ({ ...modality, inspect });
const seen: unknown[] = [];
const inspect = (args: readonly string[], ofImages: Inspection | Error, ofText: Inspection | Error) => {
  const giving =
    (result: Inspection | Error): Modality["inspect"] =>
    async (data, { column }) => {
      seen.push([data, column]);
      if (result instanceof Error) throw result;
      return result;
    };
  const present = [
    seeing(images as unknown as Modality, giving(ofImages)),
    seeing(text as unknown as Modality, giving(ofText)),
  ];
  return runHere(["inspect", ...args], { present, missing: [] });
};
const noText = new Error("holds no text");

it("says what was understood, with a bar a class and the sizes; nothing is written", async () => {
  const { output, error } = await inspect(["photos"], sound, noText);
  expect(error).toBeUndefined();
  expect(output).toContain("train: 90 images in 90 files; cat 60, dog 30");
  expect(output).toContain(`cat  60  ${"█".repeat(24)}\n  dog  30  ${"█".repeat(12)}\n`);
  expect(output).toContain("dog  0\n");
  expect(output).toContain("32 × 32, 3 channels: 93");
  expect(output).toContain("no broken images");
});

it("lists all that is broken, twenty of the pairs and their number, and fails", async () => {
  const { output, errors, error } = await inspect(["photos"], broken, noText);
  for (let i = 0; i < 30; i++) expect(output).toContain(`cat/${i}.png: is cut off`);
  expect(output).toContain("26 pairs alike: 25 the same, 1 nearly so; 26 across parts");
  expect(output.match(/train cat\/1\.png = test cat\/7\.png/g)).toHaveLength(20);
  expect(error?.message).toContain("photos is not sound: 30 broken");
  expect(errors).toContain("--sheet FILE.png");
});

it("counts one as one, and names a part once", () => {
  const [pair] = [{ ...twice, first: { id: "train/cat/1.png", part: "train" as const } }];
  const lines = describeInspection({ ...broken, broken: broken.broken.slice(0, 1), duplicates: [pair!] }, "images");
  expect(lines).toContain("broken: 1 image");
  expect(lines).toContain("  train/cat/1.png = test cat/7.png");
  expect(lines.some((line) => line.startsWith("1 pair alike: 1 the same"))).toBe(true);
});

it("writes the sheet and the JSON, and never over a file", async () => {
  await inspect(["photos", "--sheet", at("sheet.png"), "--json", at("all.json")], broken, noText);
  expect(new Uint8Array(await readFile(at("sheet.png")))).toEqual(new Uint8Array(encodePng(picture)));
  const { as, broken: listed, duplicates } = JSON.parse(await readFile(at("all.json"), "utf8"));
  expect([as, listed.length, listed[0], duplicates.length]).toEqual([
    "images",
    30,
    { id: "cat/0.png", reason: "is cut off" },
    26,
  ]);
  await writeFile(at("mine.png"), "mine");
  const { error } = await inspect(["photos", "--sheet", at("mine.png")], sound, noText);
  expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("is there already") });
  expect(await readFile(at("mine.png"), "utf8")).toBe("mine");
  const without = await inspect(["photos", "--sheet", at("none.png")], sound, noText);
  expect(without.error).toMatchObject({ name: "UsageError", message: expect.stringContaining("no picture of photos") });
});

it("gives JSON alone on the standard output", async () => {
  const { output } = await inspect(["photos", "--json", "-"], sound, noText);
  expect(JSON.parse(output)).toMatchObject({ as: "images", broken: [], sizes: sound.sizes });
});

it("shows each of what it can be, or what --as names; where it is none, both reasons", async () => {
  const both = await inspect(["mixed"], sound, { ...sound, found: { ...sound.found, kind: "documents" } });
  expect(both.output).toMatch(/^As images .*\na folder of images[\s\S]*\n\nAs text .*\ndocuments\n/);
  seen.length = 0;
  await inspect(["mixed", "--as", "text", "--column", "body"], sound, sound);
  expect(seen).toEqual([["mixed", "body"]]);
  const neither = await inspect(["nothing"], new Error("holds no images"), noText);
  expect(neither.error?.message).toBe(
    "nothing cannot be read as any of images, text.\nas images: holds no images\nas text: holds no text",
  );
});

it("hides no damage of one kind behind another that can be read", async () => {
  const damaged = await inspect(["data"], new Error("train_y.bin must hold labels from 1 to 10, got 0"), sound);
  expect(damaged.errors).toContain("not as images: train_y.bin must hold labels from 1 to 10, got 0");
  const other = await inspect(["data"], new Error("data must be or hold one of: image files"), sound);
  expect([other.error, other.errors.includes("not as images")]).toEqual([undefined, false]);
});

it("is there only where something installed can be looked at", async () => {
  const blind = { ...images, inspect: undefined } as unknown as Modality;
  const { commands } = await program({ present: [blind], missing: [] });
  expect(commands.map((command) => command.name())).not.toContain("inspect");
});

it("shows the ends of very many classes", () => {
  const classes = Array.from({ length: 130_000 }, (_, label) => `c${label}`);
  const perClass = classes.map((_, label) => label + 1);
  const found = { ...sound.found, classes, parts: [{ name: "all" as const, files: 1, perClass }] };
  const lines = describeInspection({ ...sound, found }, "images");
  expect(lines.find((line) => line.includes("c129999 "))).toMatch(/130,000 +█{24}$/);
  expect(lines).toContain("  … 129,976 classes between");
});
