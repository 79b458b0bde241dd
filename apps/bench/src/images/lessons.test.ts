/** Labels teach an image encoder by the command, and what was taught is asked. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";
import { writeStripes } from "../../tests/stripes.js";

let folder: string;
const at = (path: string) => join(folder, path);
const engine = ["--engine", "onnx", "--threads", "1"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeStripes(at("stripes"));
  const sizes = ["--width", "16", "--heads", "1", "--layers", "1", "--patch-size", "4", "--decoder-width", "64"];
  const short = ["--decoder-layers", "1", "--steps", "2", "--batch-size", "8"];
  const { error } = await runHere([
    "pretrain",
    "mae",
    "--data",
    at("stripes"),
    "--out",
    at("run"),
    ...sizes,
    ...short,
    ...engine,
  ]);
  expect(error).toBeUndefined();
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

it("finetune teaches classes beside the same from scratch; predict names them", async () => {
  const taught = await runHere([
    "finetune",
    at("run"),
    "--data",
    at("stripes"),
    "--labels-per-class",
    "4",
    "--seeds",
    "2",
    "--epochs",
    "1",
    "--out",
    at("taught"),
    "--json",
    at("record.json"),
    ...engine,
  ]);
  expect(taught.error).toBeUndefined();
  const record = JSON.parse(await readFile(at("record.json"), "utf8"));
  expect(record.protocol.name).toBe("finetune");
  expect(record.protocol.settings).toMatchObject({ epochs: 1, batchSize: 64, learningRate: 1e-3 });
  expect(record.task.modality).toBe("image");
  expect(await readdir(at("taught"))).toEqual(expect.arrayContaining(["config.json", "model.safetensors"]));

  const [image] = await readdir(at("stripes/test/lie"));
  const one = await runHere([
    "predict",
    at("taught"),
    "--image",
    at(`stripes/test/lie/${image}`),
    "--json",
    at("one.jsonl"),
    ...engine,
  ]);
  expect(one.error).toBeUndefined();
  const said = JSON.parse(await readFile(at("one.jsonl"), "utf8"));
  expect(said.id).toBe(at(`stripes/test/lie/${image}`));
  expect(said.probabilities.map((each: { class: string }) => each.class).sort()).toEqual(record.task.classes);
  const all = await runHere([
    "predict",
    at("taught"),
    "--data",
    at("stripes/test"),
    "--json",
    at("all.jsonl"),
    ...engine,
  ]);
  expect(all.error).toBeUndefined();
  expect((await readFile(at("all.jsonl"), "utf8")).trim().split("\n").length).toBeGreaterThan(1);
}, 60_000);

it.each([
  ["embed", "--out", "features.csv", "--encoding", "latin1"],
  ["predict", "--delimiter", ";"],
  ["evaluate", "--protocol", "knn", "--text-column", "a"],
  ["finetune", "--header", "no"],
])("%s takes no option of texts for images", async (command, ...options) => {
  const placed = options.map((option) => (option.endsWith(".csv") ? at(option) : option));
  const { error } = await runHere([command, at("run"), "--data", at("stripes"), ...placed, ...engine]);
  const flag = placed.filter((option) => option.startsWith("--")).at(-1);
  expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining(`${flag} does not go with`) });
});

it("what images cannot be asked is refused", async () => {
  const { error } = await runHere(["predict", at("run"), "--text", "a", ...engine]);
  expect(error?.message).toContain("learned from images. Ask by --image FILE or --data FOLDER.");
  const untaught = await runHere(["predict", at("run"), "--image", "x.png", ...engine]);
  const missing = await runHere(["predict", at("taught"), "--image", at("none.png"), ...engine]);
  expect(missing.error?.message).toContain("none.png cannot be read");
  expect(untaught.error?.message).toContain("was not fine-tuned yet: autodidact finetune");
});
