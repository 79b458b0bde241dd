import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  createRandom,
  namedVariables,
  readSafetensors,
  type StoredTensor,
  storeFloats,
  writeSafetensors,
} from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { wav2vec } from "../wav2vec.js";
import { loadSpeechEncoder } from "./load-speech-encoder.js";
import { saveSpeechEncoder } from "./speech-encoder-files.js";
import { type Wav2vec2Encoder, wav2vec2 } from "./wav2vec2.js";
import { wav2vec2FromFolder } from "./wav2vec2-files.js";

interface Case {
  config: Record<string, unknown>;
  weights: Record<string, Stored>;
  waves: Stored;
  states: Stored[];
}

const { cases } = readOracle<{ cases: Case[] }>("wav2vec2");
const [oracle] = cases as [Case];
const pretraining = readOracle<Case & { pretraining: Record<string, number> }>("wav2vec");
const folders = useTemporaryFolder();

beforeAll(useTestBackend);

/** A folder as save_pretrained writes it: the names that `renamed` gives, config.json and what else is told. */
async function folderOf(
  name: string,
  { config, weights }: Pick<Case, "config" | "weights">,
  renamed: (name: string) => string | undefined = (same) => same,
  files: Record<string, unknown> = {},
): Promise<string> {
  const folder = folders.path(name);
  await mkdir(folder, { recursive: true });
  const tensors = Object.entries(weights).flatMap(([key, { shape, values }]) => {
    const given = renamed(key);
    return given === undefined
      ? []
      : [[given, storeFloats(Float32Array.from(values), shape)] as [string, StoredTensor]];
  });
  await writeSafetensors(join(folder, "model.safetensors"), tensors);
  const texts = { "config.json": { model_type: "wav2vec2", ...config }, ...files };
  for (const [file, json] of Object.entries(texts)) await writeFile(join(folder, file), JSON.stringify(json));
  return folder;
}

function expectStates(encoder: Wav2vec2Encoder): void {
  const states = encoder.states(encoder.features(restored(oracle.waves)));
  expectClose(states.at(-1)!, oracle.states.at(-1)!, 1e-4);
}

describe("wav2vec2FromFolder", () => {
  it("reads Wav2Vec2Model's", async () => {
    const { encoder, fresh, unused } = await wav2vec2FromFolder(await folderOf("model", oracle));
    expectStates(encoder);
    expect([fresh, [...unused.keys()]]).toEqual([[], []]);
  });

  it("reads one with a head and the names of before PyTorch 2, and tells the head", async () => {
    const old = (name: string) =>
      `wav2vec2.${name}`
        .replace("parametrizations.weight.original0", "weight_g")
        .replace("parametrizations.weight.original1", "weight_v");
    const head = { "lm_head.weight": { shape: [2, 8], values: new Array(16).fill(0.5) } };
    const withHead = { config: oracle.config, weights: { ...oracle.weights, ...head } };
    const folder = await folderOf("ctc", withHead, (name) => (name in head ? name : old(name)));
    const { encoder, unused } = await wav2vec2FromFolder(folder);
    expectStates(encoder);
    expect([...unused.keys()]).toEqual(["lm_head.weight"]);
    expect((await loadSpeechEncoder(folder)).unused).toEqual(["lm_head.weight"]);
  });

  it("goes on where Wav2Vec2ForPreTraining stopped: its heads have the method's names", async () => {
    const { encoder, unused } = await wav2vec2FromFolder(await folderOf("pretraining", pretraining));
    const method = wav2vec(encoder, createRandom(1), {
      groups: 2,
      entries: 6,
      codeSize: 8,
      projectionSize: 6,
      maskLength: 2,
      cropSeconds: 0.02,
    });
    const { quantizer, project_hid, project_q } = method.learned;
    const heads = namedVariables(
      { quantizer: quantizer!, project_hid: project_hid!, project_q: project_q! },
      "parameters",
    );
    assignVariables(heads, unused, { from: "the folder" });
    expectClose(heads["quantizer.codevectors"]!, pretraining.weights["quantizer.codevectors"]!, 1e-6);
  });

  it("draws what stands for hidden frames where the folder has none, and says so", async () => {
    const without = (name: string) => (name === "masked_spec_embed" ? undefined : name);
    const { fresh, encoder } = await wav2vec2FromFolder(await folderOf("unmasked", oracle, without));
    expect(fresh).toEqual(["masked_spec_embed"]);
    expectStates(encoder);
  });

  it("prepares waves as preprocessor_config.json says", async () => {
    const raw = { "preprocessor_config.json": { do_normalize: false, sampling_rate: 8000 } };
    const { encoder } = await wav2vec2FromFolder(await folderOf("raw", oracle, undefined, raw));
    expect(encoder.config).toMatchObject({ do_normalize: false, sampling_rate: 8000 });
    expect(encoder.sampleRate).toBe(8000);
  });

  it("refuses another model, missing tensors, and layers that the config knows nothing of", async () => {
    const { config, weights } = oracle;
    const other = await folderOf("other", { config: { ...config, model_type: "hubert" }, weights });
    await expect(wav2vec2FromFolder(other)).rejects.toThrow('must have model_type "wav2vec2", got "hubert"');
    const fewer = (name: string) => (name === "encoder.layer_norm.bias" ? undefined : name);
    const missing = wav2vec2FromFolder(await folderOf("fewer", oracle, fewer));
    await expect(missing).rejects.toThrow("Missing: encoder.layer_norm.bias");
    const deeper = await folderOf("deeper", { config: { ...config, num_hidden_layers: 1 }, weights });
    await expect(wav2vec2FromFolder(deeper)).rejects.toThrow("has 16 tensors more: encoder.layers.1.");
    await mkdir(folders.path("empty"), { recursive: true });
    await writeFile(folders.path("empty/config.json"), JSON.stringify({ model_type: "wav2vec2", ...config }));
    await expect(wav2vec2FromFolder(folders.path("empty"))).rejects.toThrow("must hold a model.safetensors");
  });
});

describe("saveSpeechEncoder of wav2vec 2.0", () => {
  it("writes what Hugging Face reads, with its preprocessor, and loads again alike", async () => {
    const encoder = wav2vec2({
      channels: [4, 4],
      kernels: [10, 3],
      strides: [5, 2],
      width: 8,
      layers: 1,
      heads: 2,
      positionKernel: 4,
      positionGroups: 2,
      extractorNorm: "layer",
      sampleRate: 8000,
      random: createRandom(1),
    });
    const folder = folders.path("ours");
    await saveSpeechEncoder(encoder, folder);
    const { tensors } = await readSafetensors(join(folder, "model.safetensors"));
    expect([...tensors.keys()]).toContain("masked_spec_embed");
    const preprocessor = JSON.parse(await readFile(join(folder, "preprocessor_config.json"), "utf8"));
    expect(preprocessor).toMatchObject({
      feature_extractor_type: "Wav2Vec2FeatureExtractor",
      do_normalize: true,
      return_attention_mask: true,
      sampling_rate: 8000,
    });
    const again = await loadSpeechEncoder(folder);
    const waves = () => tensor2d(createRandom(3).normals(200), [2, 100]);
    expect([...again.encoder(waves()).dataSync()]).toEqual([...encoder(waves()).dataSync()]);
    expect([again.fresh, again.unused, again.decoding]).toEqual([[], [], { sampleRate: 8000 }]);
    expect(again.untrained(5).config).toEqual(encoder.config);
  });
});
