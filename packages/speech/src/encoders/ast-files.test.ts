/** Folders of AST, theirs and ours. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, storeFloats, writeSafetensors } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { ast } from "./ast.js";
import { astFromFolder } from "./ast-files.js";
import { loadSpeechEncoder } from "./load-speech-encoder.js";
import { saveSpeechEncoder } from "./speech-encoder-files.js";

const oracle = readOracle<{
  config: Record<string, unknown>;
  preprocessor: Record<string, unknown>;
  weights: Record<string, Stored>;
  cases: { features: Stored; states: Stored[] }[];
}>("ast");
const folders = useTemporaryFolder();
const head = { "classifier.dense.weight": { shape: [2, 8], values: new Array(16).fill(0.5) } };

beforeAll(useTestBackend);

interface Written {
  readonly weights?: Record<string, Stored>;
  readonly config?: Record<string, unknown>;
  renamed?(name: string): string;
}

/** A folder as save_pretrained writes it. */
async function folderOf(name: string, written: Written = {}): Promise<string> {
  const { weights = oracle.weights, config = oracle.config, renamed = (same) => same } = written;
  const folder = folders.path(name);
  await mkdir(folder, { recursive: true });
  const tensors = Object.entries(weights).map(
    ([key, { shape, values }]) => [renamed(key), storeFloats(Float32Array.from(values), shape)] as const,
  );
  await writeSafetensors(join(folder, "model.safetensors"), tensors);
  const texts = {
    "config.json": { model_type: "audio-spectrogram-transformer", ...config },
    "preprocessor_config.json": oracle.preprocessor,
  };
  for (const [file, json] of Object.entries(texts)) await writeFile(join(folder, file), JSON.stringify(json));
  return folder;
}

describe("astFromFolder", () => {
  it("reads ASTModel's, prepared as preprocessor_config.json says", async () => {
    const { encoder, unused } = await astFromFolder(await folderOf("model"));
    const [{ features, states }] = oracle.cases as [(typeof oracle.cases)[0]];
    expectClose(encoder.hiddenStates(restored(features)).at(-1)!, states.at(-1)!, 1e-4);
    expect(encoder.config).toMatchObject({ sampling_rate: 8000, mean: -5, std: 2.5, max_length: 40 });
    expect([...unused.keys()]).toEqual([]);
  });

  it("reads ASTForAudioClassification's, and tells the head", async () => {
    const weights = { ...oracle.weights, ...head };
    const renamed = (name: string) => (name in head ? name : `audio_spectrogram_transformer.${name}`);
    const loaded = await loadSpeechEncoder(await folderOf("classifier", { weights, renamed }));
    expect(loaded.unused).toEqual(["classifier.dense.weight"]);
    expect(loaded.decoding).toEqual({ sampleRate: 8000 });
  });

  it("refuses another model, missing tensors, and layers that the config knows nothing of", async () => {
    const other = await folderOf("other", { config: { ...oracle.config, model_type: "vit" } });
    await expect(astFromFolder(other)).rejects.toThrow(
      'must have model_type "audio-spectrogram-transformer", got "vit"',
    );
    const { "layernorm.bias": _, ...fewer } = oracle.weights;
    await expect(astFromFolder(await folderOf("fewer", { weights: fewer }))).rejects.toThrow("Missing: layernorm.bias");
    const deeper = await folderOf("deeper", { config: { ...oracle.config, num_hidden_layers: 1 } });
    await expect(astFromFolder(deeper)).rejects.toThrow("has 16 tensors more: encoder.layer.1.");
  });
});

it("saveSpeechEncoder writes what Hugging Face reads, with its preprocessor, and loads again alike", async () => {
  const sizes = { bands: 16, frames: 20, patchSize: 8, width: 8, layers: 1, sampleRate: 8000 };
  const encoder = ast({ ...sizes, random: createRandom(1) });
  const folder = folders.path("ours");
  await saveSpeechEncoder(encoder, folder);
  const preprocessor = JSON.parse(await readFile(join(folder, "preprocessor_config.json"), "utf8"));
  expect(preprocessor).toMatchObject({
    feature_extractor_type: "ASTFeatureExtractor",
    max_length: 20,
    num_mel_bins: 16,
    mean: -4.2677393,
    std: 4.5689974,
  });
  const again = await loadSpeechEncoder(folder);
  const waves = () => tensor2d(createRandom(3).normals(1200), [2, 600]);
  expect([...again.encoder(waves()).dataSync()]).toEqual([...encoder(waves()).dataSync()]);
  expect([again.fresh, again.unused]).toEqual([[], []]);
  expect(again.untrained(5).config).toEqual(encoder.config);
});
