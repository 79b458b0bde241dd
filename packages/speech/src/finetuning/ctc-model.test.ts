import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, defineModule } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { type Tensor2D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { frameTransformer } from "../encoders/frame-transformer.js";
import { loadSpeechEncoder } from "../encoders/load-speech-encoder.js";
import { wav2vec2 } from "../encoders/wav2vec2.js";
import { encoderFrontEnd } from "../features/log-mel.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { characterVocabulary } from "./character-vocabulary.js";
import { type CtcModel, ctcModel } from "./ctc-model.js";
import { loadCtcModel, saveCtcModel } from "./ctc-model-files.js";

const folder = useTemporaryFolder();
beforeAll(useTestBackend);

const vocabulary = characterVocabulary(["ab c"]);
const head = () => createRandom(3);
const waves = (): Tensor2D => tensor2d(createRandom(5).normals(2 * 1600, 0, 0.1), [2, 1600]);
const logitsOf = (model: CtcModel) => tidy(() => model(waves()).dataSync());

const transformer = () => {
  const frontEnd = encoderFrontEnd({ sampleRate: 8000, bands: 6 });
  return frameTransformer({ frontEnd, width: 8, layers: 2, heads: 2, random: createRandom(1) });
};
const convolutional = () => {
  const sizes = { channels: [4, 4], kernels: [10, 8], strides: [5, 4], width: 8, layers: 1, heads: 2, hiddenSize: 8 };
  return wav2vec2({ ...sizes, positionKernel: 4, positionGroups: 2, random: createRandom(1) });
};

describe("ctcModel", () => {
  it("scores each class at each frame", () => {
    const model = ctcModel(transformer(), vocabulary, { random: head() });
    expect(tidy(() => model(waves())).shape).toEqual([2, model.encoder.frames(1600), 5]);
    expect(Object.keys(model.parameters).filter((name) => !name.startsWith("encoder."))).toEqual([
      "lm_head.weight",
      "lm_head.bias",
    ]);
  });

  it("reads the sum of all layers by the softmax of its weights: all of one is that layer", () => {
    const [last, all] = [false, true].map((allLayers) =>
      ctcModel(transformer(), vocabulary, { random: head(), allLayers }),
    ) as [CtcModel, CtcModel];
    tidy(() => all.parameters.layer_weights!.assign(tensor1d([0, 0, 50])));
    const expected = logitsOf(last);
    for (const [i, value] of logitsOf(all).entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  });

  it("refuses an encoder without frames", () => {
    const plain = Object.assign(
      defineModule((x: Tensor2D) => x, {}),
      {
        ...{ featureSize: 2, sampleRate: 8000, shortest: 1, config: { model_type: "ecapa" } },
      },
    );
    expect(() => ctcModel(plain, vocabulary, { random: head() })).toThrow(
      'that of model_type "ecapa" gives one embedding',
    );
  });
});

describe("saveCtcModel and loadCtcModel", () => {
  for (const [name, encoder, allLayers] of [
    ["a transformer over frames", transformer, false],
    ["all layers of it", transformer, true],
    ["wav2vec 2.0, as Hugging Face has it", convolutional, false],
    ["all layers of wav2vec 2.0", convolutional, true],
  ] as const) {
    it(`${name}: the same scores`, async () => {
      const model = ctcModel(encoder(), vocabulary, { random: head(), allLayers, longestSeconds: 1.5 });
      const path = folder.path(name.replaceAll(/\W/g, "-"));
      await saveCtcModel(model, path);
      const loaded = await loadCtcModel(path);
      expect(logitsOf(loaded)).toEqual(logitsOf(model));
      expect(loaded.longestSeconds).toBe(1.5);
      expect([loaded.vocabulary.tokens, loaded.vocabulary.lowerCase]).toEqual([vocabulary.tokens, true]);
      const { encoder: inside, unused } = await loadSpeechEncoder(path); // to be embedded and probed
      expect([...inside(waves()).dataSync()]).toEqual([...model.encoder(waves()).dataSync()]);
      expect([...unused].sort()).toEqual(Object.keys(model.top.parameters).sort());
    });
  }

  it("names a Wav2Vec2ForCTC and its tensors as Hugging Face does", async () => {
    const model = ctcModel(convolutional(), vocabulary, { random: head() });
    await saveCtcModel(model, folder.path("theirs"));
    const read = async (name: string) => JSON.parse(await readFile(join(folder.path("theirs"), name), "utf8"));
    expect(await read("config.json")).toMatchObject({
      architectures: ["Wav2Vec2ForCTC"],
      model_type: "wav2vec2",
      vocab_size: 5,
      pad_token_id: 0,
    });
    expect(await read("tokenizer_config.json")).toMatchObject({ tokenizer_class: "Wav2Vec2CTCTokenizer" });
    expect(await read("preprocessor_config.json")).toMatchObject({
      feature_extractor_type: "Wav2Vec2FeatureExtractor",
    });
    expect(Object.keys(model.parameters)).toContain("wav2vec2.encoder.layers.0.attention.q_proj.weight");
  });
});
