/** What an image run is asked after pretraining: shares of labels, layers, the probe of its method, files of features, neighbours. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecord } from "@autodidact/evaluate";
import { decodeImage } from "@autodidact/vision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";
import { writeStripes } from "../../tests/stripes.js";

let folder: string;
const at = (path: string) => join(folder, path);
const engine = ["--engine", "onnx", "--threads", "1"];
const asked = (command: string, ...args: string[]) =>
  runHere([command, at("run"), "--data", at("stripes"), ...args, ...engine]);
const recordIn = async (name: string) => parseRecord(await readFile(at(name), "utf8"));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeStripes(at("stripes"));
  const sizes = ["--width", "16", "--heads", "1", "--layers", "2", "--patch-size", "4", "--decoder-width", "64"];
  const short = ["--decoder-layers", "1", "--steps", "2", "--batch-size", "8", "--out", at("run")];
  const { error } = await runHere(["pretrain", "mae", "--data", at("stripes"), ...sizes, ...short, ...engine]);
  expect(error).toBeUndefined();
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe("finetune --labels", () => {
  it("learns from a share of each class's labels; the record and the table say how many", async () => {
    const { error, output, errors } = await asked(
      "finetune",
      "--labels",
      "25%",
      "--epochs",
      "1",
      "--json",
      at("a.json"),
    );
    expect(error).toBeUndefined();
    expect(errors).toContain("9 of their labels are seen, of each seed the same by both");
    expect(output).toContain("fine-tuned, 25 % of the labels (9)");
    const record = await recordIn("a.json");
    expect(record.protocol).toMatchObject({
      labelsPerClass: null,
      settings: { labelShare: 0.25, labels: 9, epochs: 1 },
    });
    expect(record.scores.find(({ perClass }) => perClass)!.perClass![0]!.learnedFrom).toBe(3);
    expect(record.baselines.fromScratch).not.toBeNull();
  }, 60_000);

  it("refuses a share of which a class keeps nothing, in the command's words, and what is no amount", async () => {
    const { error } = await asked("finetune", "--labels", "1%");
    expect(error?.message).toContain("Ask for 4.17 % at least, or for so many of each class: --labels-per-class 1.");
    const both = await asked("finetune", "--labels", "50%", "--labels-per-class", "2");
    expect(both.error?.message).toContain("cannot be used with option '--labels-per-class");
    for (const wrong of ["1", "0%", "101%", "0-per-class", "few"]) {
      const { error: refused } = await asked("finetune", "--labels", wrong);
      expect(refused?.message, wrong).toContain("a share above 0 and at most 100%, as 1%, or so many of each class");
    }
  });
});

describe("evaluate", () => {
  it("of a MAE run has a batch norm before the head, unless told otherwise", async () => {
    const probe = (...args: string[]) =>
      asked("evaluate", "--protocol", "linear", "--labels-per-class", "2", "--seeds", "1", ...args);
    const usual = await probe("--json", at("b.json"));
    expect(usual.error).toBeUndefined();
    expect(usual.output).toContain("linear probe after a batch norm, 2 labels a class");
    expect((await recordIn("b.json")).protocol.settings).toMatchObject({ normalize: "batch-norm", solver: "lbfgs" });
    const told = await probe("--normalize", "standardize", "--json", at("c.json"));
    expect(told.output).toContain("linear probe, 2 labels a class");
    expect((await recordIn("c.json")).protocol.settings).not.toHaveProperty("normalize");
  }, 60_000);

  it("measures a middle layer, and refuses an unknown one with the list", async () => {
    const { error, output } = await asked("evaluate", "--protocol", "knn", "--layer", "0", "--json", at("d.json"));
    expect(error).toBeUndefined();
    expect(output).toMatch(/kNN of \d+ on layer 0, all labels/);
    expect((await recordIn("d.json")).protocol.settings).toMatchObject({ layer: "0" });
    const wrong = await asked("evaluate", "--protocol", "knn", "--layer", "layer3");
    expect(wrong.error?.message).toContain("layer must be one of the encoder's, 0, 1, got layer3");
  }, 60_000);
});

it("embed writes Parquet and NumPy's files by the ending, and over nothing", async () => {
  for (const name of ["x.parquet", "x.npy"]) {
    const { error, errors } = await asked("embed", "--out", at(name));
    expect(error).toBeUndefined();
    expect(errors).toContain("54 rows of 16 features");
    expect((await asked("embed", "--out", at(name))).error?.message).toContain("is there already");
  }
  const names = (await readFile(at("x.ids.jsonl"), "utf8")).trim().split("\n");
  expect(names).toHaveLength(54);
  expect(JSON.parse(names[0]!)).toEqual({ id: "test/lean/000.png", label: "lean" });
  expect((await readFile(at("x.npy"))).length).toBe(128 + 54 * 16 * 4);
}, 60_000);

describe("neighbours", () => {
  const query = () => ["--query", at("stripes/train/lie/003.png"), "--count", "4"];

  it("lists the nearest images and draws them below the query, which is none of them", async () => {
    const { error, output } = await asked("neighbours", ...query(), "--out", at("near.png"));
    expect(error).toBeUndefined();
    const [, , ...rows] = output.trim().split("\n");
    expect(rows).toHaveLength(4);
    expect(output).not.toContain("train/lie/003.png");
    const similarities = rows.map((row) => Number(/ (-?[\d.]+)$/.exec(row)![1]));
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    expect(similarities[0]).toBeLessThanOrEqual(1);
    const sheet = await decodeImage("near.png", await readFile(at("near.png")));
    expect([sheet.width, sheet.height]).toEqual([4 * 74 - 2, 72 + 10 + 72]);
  }, 60_000);

  it("writes over nothing, and beside the data alone", async () => {
    const before = await readdir(folder);
    expect((await asked("neighbours", ...query(), "--out", at("near.png"))).error?.message).toContain(
      "is there already",
    );
    expect((await asked("neighbours", ...query(), "--out", at("near.jpg"))).error?.message).toContain(
      "must end in .png",
    );
    const inside = await asked("neighbours", ...query(), "--out", at("stripes/near.png"));
    expect(inside.error?.message).toContain("must not be inside --data");
    const none = await asked("neighbours", "--query", at("none.jpg"), "--out", at("other.png"));
    expect(none.error?.message).toContain("none.jpg cannot be read");
    expect(await readdir(folder)).toEqual(before);
  });
});
