import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, storeVariables } from "@autodidact/core";
import { type OnnxGraph, onnxFile, resnetGraph, useTestBackend } from "@autodidact/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { preprocessorConfig } from "../encoders/image-encoder-files.js";
import { resnet18 } from "../encoders/resnet.js";
import type { Image } from "../image.js";
import { imageFeatures } from "./image-features.js";
import { openOnnxImages } from "./onnx-images.js";

useTestBackend();

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true }));

const random = createRandom(3);
const images: Image[] = Array.from({ length: 3 }, (_, n) => ({
  id: `${n}`,
  pixels: Uint8Array.from({ length: 8 * 8 * 3 }, () => random.integer(256)),
  height: 8,
  width: 8,
  channels: 3,
}));
const statistics = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] };

const rowsOf = ({ values, size }: { values: Float32Array; size: number }) =>
  Array.from({ length: values.length / size }, (_, n) => [...values.subarray(n * size, (n + 1) * size)]);

it("gives the features of the encoder that the file is of", async () => {
  const encoder = resnet18({ width: 2, stem: "cifar", random: createRandom(0) });
  await mkdir(at("onnx"));
  await writeFile(
    at("onnx/model.onnx"),
    onnxFile(resnetGraph(await storeVariables({ ...encoder.parameters, ...encoder.buffers }))),
  );
  await writeFile(at("preprocessor_config.json"), JSON.stringify(preprocessorConfig({ size: 8, statistics })));
  const opened = await openOnnxImages(at("onnx/model.onnx"), { batchSize: 2 });
  expect(opened.decoding).toEqual({ size: 8, channels: 3 });
  const own = imageFeatures(encoder, { statistics, batchSize: 2 });
  const expected = rowsOf(await own(images));
  own.dispose();
  const extract = opened.extractor();
  const got = rowsOf(await extract(images));
  extract.dispose();
  for (const [n, row] of expected.entries())
    for (const [d, value] of row.entries()) expect(got[n]![d]).toBeCloseTo(value, 4);
});

/** The mean of each channel. */
const means = (shape: OnnxGraph["inputs"][number]["shape"]): OnnxGraph => ({
  inputs: [{ name: "pixels", type: "float32", shape }],
  outputs: [{ name: "features", type: "float32", shape: ["n", 3, 1, 1] }],
  weights: [],
  nodes: [{ type: "GlobalAveragePool", inputs: ["pixels"], output: "features" }],
});

it("standardizes by what is told, in batches as large as the model's", async () => {
  await writeFile(at("model.onnx"), onnxFile(means([2, 3, 8, 8])));
  const { extractor, config, weights } = await openOnnxImages(at("model.onnx"), statistics);
  expect(config).toMatchObject({ model_type: "onnx", file: "model.onnx", output: "features", size: 8, ...statistics });
  expect(weights).toMatch(/^sha256:/);
  const rows = rowsOf(await extractor()(images));
  for (const [n, { pixels }] of images.entries())
    for (const channel of [0, 1, 2]) {
      const own = Array.from(pixels).filter((_, i) => i % 3 === channel);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length / 255;
      expect(rows[n]![channel]).toBeCloseTo((mean - statistics.mean[channel]!) / statistics.std[channel]!, 5);
    }
});

it.each([
  [means(["n", 3, "h", "w"]), {}, "Tell size, mean, std"],
  [means(["n", 3, 8, 8]), { mean: [0.5, 0.5, 0.5] }, "Tell std"],
  [means(["n", 3, 8, 8]), { size: 9, ...statistics }, "not of 9"],
  [means(["n", 3, 8, 8]), { mean: [0.5], std: [0.5] }, "images of 3 channels"],
  [means(["n", 3, 8, 9]), statistics, "as high as wide"],
  [means(["n", 3, 8, 8]), { ...statistics, output: "pooler" }, "no output pooler"],
])("refuses what is unclear and names the option", async (graph, options, told) => {
  await writeFile(at("model.onnx"), onnxFile(graph));
  await expect(openOnnxImages(at("model.onnx"), options)).rejects.toThrow(told);
});

it("refuses what is no model", async () => {
  await writeFile(at("model.onnx"), "no model");
  await expect(openOnnxImages(at("model.onnx"), statistics)).rejects.toThrow("must be a model that ONNX Runtime reads");
});
