/** Masks and boxes teach an image encoder by the command, and what was taught is asked. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, decodeIndexPng, encodePng } from "@autodidact/core";
import { saveImageEncoder, vit } from "@autodidact/vision";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";

let folder: string;
const at = (path: string) => join(folder, path);
const engine = ["--engine", "onnx", "--threads", "1"];
const side = 16;

/** A bright square on a dark ground, a little to the right in each. */
async function draw(n: number): Promise<void> {
  const left = n % 8;
  const isInside = (place: number) => {
    const [x, y] = [place % side, Math.floor(place / side)];
    return x >= left && x < left + 6 && y >= 4 && y < 10;
  };
  const picture = (values: (place: number) => number) =>
    Uint8Array.from({ length: side * side }, (_, place) => values(place));
  const rgb = Uint8Array.from({ length: 3 * side * side }, (_, i) => (isInside(Math.floor(i / 3)) ? 230 : 20));
  const mask = picture((place) => (isInside(place) ? 9 : 0));
  await writeFile(at(`data/images/${n}.png`), encodePng({ pixels: rgb, height: side, width: side, channels: 3 }));
  await writeFile(at(`data/masks/${n}.png`), encodePng({ pixels: mask, height: side, width: side, channels: 1 }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  for (const name of ["images", "masks"]) await mkdir(at(`data/${name}`), { recursive: true });
  for (let n = 0; n < 10; n += 1) await draw(n);
  const images = Array.from({ length: 10 }, (_, id) => ({
    id,
    file_name: `images/${id}.png`,
    width: side,
    height: side,
  }));
  const annotations = images.map(({ id }) => ({ id, image_id: id, category_id: 3, bbox: [id % 8, 4, 6, 6] }));
  const coco = { images, annotations, categories: [{ id: 3, name: "square" }] };
  await writeFile(at("data/annotations.json"), JSON.stringify(coco));
  const encoder = vit({ imageSize: side, patchSize: 4, width: 16, layers: 1, random: createRandom(0) });
  const statistics = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  await saveImageEncoder(encoder, at("encoder"), { size: side, statistics });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const finetune = async (task: string) => {
  const given = ["finetune", at("encoder"), "--data", at("data"), "--task", task, "--epochs", "1", "--batch-size", "8"];
  const { error } = await runHere([...given, "--out", at(task), "--json", at(`${task}.json`), ...engine]);
  expect(error).toBeUndefined();
  return { record: JSON.parse(await readFile(at(`${task}.json`), "utf8")) };
};

it("finetune --task segmentation teaches masks beside the same from scratch; predict writes them", async () => {
  const { record } = await finetune("segmentation");
  expect([record.kind, record.task.classes, record.task.test.examples]).toEqual(["dense", ["0", "9"], 2]);
  expect(record.scores.map((score: { metric: { name: string } }) => score.metric.name)).toEqual([
    "miou",
    "pixelAccuracy",
  ]);
  expect(record.scores[0].perClass).toHaveLength(2);
  expect(record.baselines.fromScratch).not.toBeNull();
  const given = ["predict", at("segmentation"), "--data", at("data/images")];
  expect((await runHere([...given, ...engine])).error).toMatchObject({
    message: expect.stringContaining("--out FOLDER"),
  });
  const { error, output } = await runHere([...given, "--out", at("new"), ...engine]);
  expect(error).toBeUndefined();
  expect(output).toContain("pixels");
  expect(await readdir(at("new"))).toHaveLength(10);
  const mask = decodeIndexPng(await readFile(at("new/3.png")));
  expect([mask.height, mask.width, [...new Set(mask.values)].every((value) => value === 0 || value === 9)]).toEqual([
    side,
    side,
    true,
  ]);
}, 60_000);

it("finetune --task detection teaches boxes; predict writes them as JSON", async () => {
  const { record } = await finetune("detection");
  expect([record.kind, record.task.classes]).toEqual(["boxes", ["square"]]);
  expect(record.scores.map((score: { metric: { name: string } }) => score.metric.name)).toEqual(["ap", "ap50"]);
  const asked = [
    "predict",
    at("detection"),
    "--image",
    at("data/images/3.png"),
    "--json",
    at("boxes.jsonl"),
    "--top",
    "2",
    ...engine,
  ];
  expect((await runHere(asked)).error).toBeUndefined();
  const { id, boxes } = JSON.parse(await readFile(at("boxes.jsonl"), "utf8"));
  expect([id, boxes[0].class, boxes[0].box.length]).toEqual([at("data/images/3.png"), "square", 4]);
  expect(boxes.length).toBeLessThanOrEqual(2); // --top holds for the JSON too
  const told = await runHere([...asked.slice(0, 4), "--out", at("never"), ...engine]);
  expect(told.error).toMatchObject({ message: expect.stringContaining("--out is for masks") });
}, 60_000);

it("evaluate --protocol dense-linear reads masks off frozen maps, beside pixels and the random init", async () => {
  const asked = ["evaluate", at("encoder"), "--data", at("data"), "--protocol", "dense-linear"];
  expect((await runHere([...asked, "--json", at("probe.json"), ...engine])).error).toBeUndefined();
  const { kind, protocol, scores, baselines } = JSON.parse(await readFile(at("probe.json"), "utf8"));
  expect([kind, protocol.name, scores[0].metric.name]).toEqual(["dense", "dense-linear", "miou"]);
  expect(baselines.rawFeatures[0].value).toBeGreaterThan(0.95); // a bright square is where pixels are bright
  expect(baselines.randomInit[0].value).toBeGreaterThan(0);
  const few = await runHere([...asked, "--labels-per-class", "3", ...engine]);
  expect(few.error).toMatchObject({ message: expect.stringContaining("do not go with --protocol dense-linear") });
}, 60_000);
