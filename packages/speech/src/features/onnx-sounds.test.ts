import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OnnxGraph, onnxFile } from "@autodidact/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Sound } from "../sound.js";
import { openOnnxSounds } from "./onnx-sounds.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Frames of two samples; each has the states [their sum, their difference]. */
const pairs = (shape: (string | number)[] = ["n", 1, "t"]): OnnxGraph => ({
  inputs: [{ name: "waveform", type: "float32", shape }],
  outputs: [{ name: "last_hidden_state", type: "float32", shape: ["n", "frames", 2] }],
  weights: [{ name: "kernels", shape: [2, 1, 2], values: Float32Array.of(1, 1, 1, -1) }],
  nodes: [
    { type: "Conv", inputs: ["waveform", "kernels"], output: "channels", ints: { strides: [2] } },
    { type: "Transpose", inputs: ["channels"], output: "last_hidden_state", ints: { perm: [0, 2, 1] } },
  ],
});

const sound = (...samples: number[]): Sound => ({ id: "a.wav", samples: Float32Array.from(samples), sampleRate: 4 });

it("averages the states over the frames of each recording, of whatever length", async () => {
  await writeFile(at("model.onnx"), onnxFile(pairs()));
  const { extractor, decoding, config } = await openOnnxSounds(at("model.onnx"), { sampleRate: 4 });
  expect([decoding, config.normalize]).toEqual([{ sampleRate: 4 }, false]);
  const extract = extractor();
  const { values, count, size } = await extract([sound(1, 2, 3, 5), sound(4, 1)]);
  extract.dispose();
  expect([[...values], count, size]).toEqual([[5.5, -1.5, 5, 3], 2, 2]); // (3 + 8) / 2, (−1 − 2) / 2
});

it("hears what is long in crops", async () => {
  await writeFile(at("model.onnx"), onnxFile(pairs()));
  const { extractor } = await openOnnxSounds(at("model.onnx"), { sampleRate: 4, maxSeconds: 0.5 });
  expect([...(await extractor()([sound(1, 2, 7, 5)])).values]).toEqual([7.5, 0.5]); // of [1, 2] and [7, 5]
});

it("prepares recordings as preprocessor_config.json says", async () => {
  await writeFile(at("model.onnx"), onnxFile(pairs()));
  await writeFile(at("preprocessor_config.json"), JSON.stringify({ sampling_rate: 8000, do_normalize: true }));
  const { extractor, decoding } = await openOnnxSounds(at("model.onnx"));
  expect(decoding.sampleRate).toBe(8000);
  const [sum, difference] = (await extractor()([sound(1, 3)])).values; // −1 and 1, standardized
  expect(sum).toBeCloseTo(0, 5);
  expect(difference).toBeCloseTo(-2, 5);
});

it("refuses what is unclear and names the option", async () => {
  await writeFile(at("model.onnx"), onnxFile(pairs()));
  await expect(openOnnxSounds(at("model.onnx"))).rejects.toThrow("sampleRate: 16000");
  await writeFile(at("frames.onnx"), onnxFile(pairs(["n", 80, "t"])));
  await expect(openOnnxSounds(at("frames.onnx"), { sampleRate: 4 })).rejects.toThrow("waveform: float32[n,80,t]");
});
