/** Other people's encoders, and tasks from a small file, as users bring them: to `evaluate`, and to a suite. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, parseRecord, type ResultRecord, resultsOf } from "@autodidact/evaluate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exportRun, writeWaveModel, writeWordModel } from "./foreign-models.js";
import { runHere } from "./run-here.js";
import { writeVoices } from "./small-sounds.js";
import { writeOpinions } from "./small-texts.js";
import { writeStripes } from "./stripes.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];

let folder: string;
const at = (path: string) => join(folder, path);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await Promise.all([writeStripes(at("stripes")), writeOpinions(at("opinions")), writeVoices(at("voices"))]);
  const small = ["--width", "2", "--steps", "2", "--batch-size", "4", ...engine];
  await done("pretrain", "simclr", "--data", at("stripes"), "--out", at("run"), ...small);
  await Promise.all([exportRun(at("run"), at("images")), writeWordModel(at("words")), writeWaveModel(at("waves"))]);
  await writeTables();
});
afterAll(() => rm(folder, { recursive: true }));

async function done(...args: string[]): Promise<string> {
  const { error, errors, output } = await runHere(args);
  if (error !== undefined) throw new Error(errors, { cause: error });
  return output;
}

async function measured(encoder: string, data: string, ...args: string[]): Promise<ResultRecord> {
  const json = at(`${encodeURIComponent(encoder)}-${args.join("")}.json`.replaceAll(/[^\w.-]/g, "_"));
  await done("evaluate", at(encoder), "--data", at(data), ...args, "--json", json, ...engine);
  return parseRecord(await readFile(json, "utf8"));
}

/** Paths and labels, and nothing else. */
async function writeTables(): Promise<void> {
  const kinds = await readdir(at("stripes/train"));
  const images = await Promise.all(
    kinds.map(async (kind) =>
      (await readdir(at(`stripes/train/${kind}`))).map((name) => `stripes/train/${kind}/${name},${kind}`),
    ),
  );
  await writeFile(at("images.csv"), `path,label\n${images.flat().join("\n")}\n`);
  const opinions = (await readFile(at("opinions/train.tsv"), "utf8")).trim().split("\n");
  const texts: string[] = [];
  for (const [n, line] of opinions.entries()) {
    const [text, label] = line.split("\t");
    await writeFile(at(`opinion-${n}.txt`), text!);
    texts.push(`opinion-${n}.txt,${label}`);
  }
  await writeFile(at("texts.csv"), `path,label\n${texts.join("\n")}\n`);
  const sounds = (await readdir(at("voices"))).map((name) => `voices/${name},${name[0] === "0" ? "zero" : "one"}`);
  await writeFile(at("sounds.csv"), `path,label\n${sounds.join("\n")}\n`);
}

const valuesOf = ({ scores, baselines }: ResultRecord) =>
  [scores, baselines.rawFeatures!].flatMap((all) => all.map(({ value }) => value));

it.each([["knn"], ["linear"]])(
  "a run's encoder in ONNX scores as the run, its file and the folder: %s",
  async (protocol) => {
    const own = await measured("run", "stripes", "--protocol", protocol);
    for (const encoder of ["images/onnx/model.onnx", "images"]) {
      const other = await measured(encoder, "stripes", "--protocol", protocol);
      for (const [place, value] of valuesOf(own).entries()) expect(valuesOf(other)[place]).toBeCloseTo(value, 4);
      expect(own.baselines.randomInit).not.toBeNull();
      expect(other.baselines.randomInit).toBeNull();
      expect(other.subject.encoder.noRandomInit).toContain("not how they were drawn");
    }
  },
);

it.each([
  ["words", "opinions", ["--protocol", "knn", "--k", "3"]],
  ["waves", "voices", ["--protocol", "knn", "--pattern", "{digit}_{speaker}_{index}.wav", "--label", "digit"]],
])("a folder that transformers.js reads scores as its file does: %s", async (encoder, data, args) => {
  const [whole, file] = [
    await measured(encoder, data, ...args),
    await measured(`${encoder}/onnx/model.onnx`, data, ...args),
  ];
  expect(valuesOf(whole)).toEqual(valuesOf(file));
  expect(whole.scores[0].value).toBeGreaterThan(0.6);
  expect(whole.subject.weights).toBe(file.subject.weights);
});

it("tells why there is no random init, and refuses what cannot be asked of such an encoder", async () => {
  const asked = ["evaluate", at("words"), "--data", at("opinions")];
  expect(await done(...asked, "--protocol", "knn", ...engine)).toContain(
    "Note: the random init was not measured: a file of ONNX",
  );
  const refused = await runHere([...asked, "--protocol", "perplexity", ...engine]);
  expect(refused.error?.message).toContain("perplexity cannot be asked. Take knn or linear.");
  const strange = await runHere([...asked, "--protocol", "knn", "--onnx", "sizes=3", ...engine]);
  expect(strange.error?.message).toContain("sizes");
  await cp(at("images/onnx/model.onnx"), at("alone.onnx"));
  const alone = await runHere(["evaluate", at("alone.onnx"), "--data", at("stripes"), "--protocol", "knn", ...engine]);
  expect(alone.error?.message).toContain("--onnx modality=image");
  const unsized = ["evaluate", at("alone.onnx"), "--data", at("stripes"), "--protocol", "knn", ...engine];
  expect((await runHere([...unsized, "--onnx", "modality=image"])).error?.message).toContain("Tell size, mean, std");
  expect(
    (await runHere([...unsized, "--onnx", "size=8", "mean=0.5,0.5,0.5", "std=0.2,0.2,0.2"])).error,
  ).toBeUndefined();
});

it("a suite puts them before tasks of paths and labels, of all modalities", async () => {
  const task = (modality: string, data: string, options = {}) => ({
    name: data,
    modality,
    data,
    protocol: "knn",
    options,
  });
  const suite = {
    schema: "autodidact.suite/1",
    encoders: [
      { name: "stripes", folder: "alone.onnx", onnx: { size: 8, mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] } },
      "words",
      "waves",
    ],
    tasks: [task("image", "images.csv"), task("text", "texts.csv", { k: 3 }), task("speech", "sounds.csv")],
  };
  await writeFile(at("suite.json"), JSON.stringify(suite));
  await done("bench", "run", "--suite", at("suite.json"), "--store", at("store"), ...engine);
  const { cells } = await openStore(at("store"));
  expect(cells.map(({ cell }) => `${cell.encoder.name} × ${cell.task.name}`)).toEqual([
    "stripes × images.csv",
    "words × texts.csv",
    "waves × sounds.csv",
  ]);
  for (const { record } of cells.flatMap(resultsOf)) {
    expect(record.scores[0].value).toBeGreaterThan(0.3);
    expect(record.task.classes!.length).toBeGreaterThan(1);
  }
  const again = await runHere(["bench", "run", "--suite", at("suite.json"), "--store", at("store"), ...engine]);
  expect(again.errors).toContain("3 cells, 0 to run.");
  suite.encoders[0] = { name: "stripes", folder: "alone.onnx", onnx: { size: 8, mean: [0, 0, 0], std: [1, 1, 1] } };
  await writeFile(at("suite.json"), JSON.stringify(suite));
  const changed = await runHere(["bench", "run", "--suite", at("suite.json"), "--store", at("store"), "--dry-run"]);
  expect(changed.errors).toContain("3 cells, 1 to run.");
});
