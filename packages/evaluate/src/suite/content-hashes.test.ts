import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { dataHash, encoderHash } from "./content-hashes.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true }));
const write = async (path: string, text: string) => {
  await mkdir(join(at(path), ".."), { recursive: true });
  await writeFile(at(path), text);
};

it("tells data by names and contents, wherever it lies, with a memory or without", async () => {
  await write("data/cats/1.txt", "cat");
  await mkdir(at("memory"));
  const hash = await dataHash(at("data"));
  expect(await dataHash(at("data"), { memory: at("memory") })).toBe(hash);
  await rename(at("data"), at("moved"));
  expect(await dataHash(at("moved"), { memory: at("memory") })).toBe(hash);
  await write("moved/cats/1.txt", "dog");
  expect(await dataHash(at("moved"), { memory: at("memory") })).not.toBe(hash);
  await rename(at("moved/cats"), at("moved/dogs"));
  await write("moved/dogs/1.txt", "cat");
  expect(await dataHash(at("moved"))).not.toBe(hash); // another class
});

it("tells a table by the files that it names, too", async () => {
  await write("images/a.png", "first");
  await write("images/unnamed.png", "whatever");
  await write("table.csv", "path,label\nimages/a.png,cat\n");
  const hash = await dataHash(at("table.csv"));
  await write("images/unnamed.png", "changed");
  expect(await dataHash(at("table.csv"))).toBe(hash);
  await write("images/a.png", "changed");
  expect(await dataHash(at("table.csv"))).not.toBe(hash);
});

it("tells a run by its encoder and settings: results, metrics and exports change nothing", async () => {
  await write("run/config.json", "{}");
  await write("run/encoder/model.safetensors", "weights");
  const hash = await encoderHash(at("run"));
  await write("run/results.jsonl", "a result");
  await write("run/metrics.jsonl", "a step");
  await write("run/encoder/onnx/model.onnx", "exported");
  expect(await encoderHash(at("run"))).toBe(hash);
  await write("run/encoder/model.safetensors", "other weights");
  expect(await encoderHash(at("run"))).not.toBe(hash);
});
