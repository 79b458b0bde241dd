/**
 * A model of speech to text in a folder, as Hugging Face lays it out: config.json, model.safetensors, vocab.json, tokenizer_config.json.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  type CommitOptions,
  createRandom,
  loadEncoderWeights,
  saveEncoder,
  UsageError,
  verifyIfListed,
} from "@autodidact/core";
import { encoderFromConfig } from "../encoders/encoder-from-config.js";
import { WAV2VEC2 } from "../encoders/wav2vec2-config.js";
import { preprocessorFile, wav2vec2FromFolder } from "../encoders/wav2vec2-files.js";
import { readVocabulary, vocabularyFiles } from "./character-vocabulary.js";
import { type CtcModel, ctcModel } from "./ctc-model.js";

/** The `model_type` of those that are not Hugging Face's. */
export const CTC_MODEL = "autodidact_ctc";
const THEIRS = "Wav2Vec2ForCTC";

/**
 * Writes the folder, whole or not at all, in the place of an older one. With an encoder of wav2vec 2.0 whose last layer is read it is Hugging
 * Face's Wav2Vec2ForCTC.
 */
export async function saveCtcModel(model: CtcModel, folder: string, options: CommitOptions = {}): Promise<void> {
  const { encoder, vocabulary, allLayers, longestSeconds, parameters, buffers } = model;
  const own = {
    vocab_size: vocabulary.tokens.length,
    pad_token_id: 0,
    ...(longestSeconds !== undefined && { longest_seconds: longestSeconds }),
  };
  const isTheirs = encoder.config.model_type === WAV2VEC2 && !allLayers;
  const config = isTheirs
    ? { ...encoder.config, architectures: [THEIRS], ...own }
    : { model_type: CTC_MODEL, encoder: encoder.config, use_weighted_layer_sum: allLayers, ...own };
  const json = { ...vocabularyFiles(vocabulary), ...(isTheirs && preprocessorFile(encoder.config)) };
  await saveEncoder({ parameters, buffers, config }, folder, { ...options, json });
}

/** What `saveCtcModel` wrote, or Hugging Face's Wav2Vec2ForCTC. */
export async function loadCtcModel(folder: string): Promise<CtcModel> {
  await verifyIfListed(folder, ["config.json", "vocab.json"]);
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  const { model_type: kind, architectures, longest_seconds: longest } = config;
  const longestSeconds = typeof longest === "number" ? longest : undefined;
  if (Array.isArray(architectures) && architectures.includes(THEIRS)) return loadTheirs(folder, longestSeconds);
  if (kind !== CTC_MODEL) {
    throw new UsageError(
      `loadCtcModel: ${folder} must hold a model of speech to text, and holds ${JSON.stringify(kind ?? null)}. Fine-tune one with transcripts first.`,
    );
  }
  const model = ctcModel(encoderFromConfig(Object(config.encoder), createRandom(0)), await readVocabulary(folder), {
    random: createRandom(0),
    allLayers: config.use_weighted_layer_sum === true,
    longestSeconds,
  });
  await loadEncoderWeights(model, folder);
  return model;
}

async function loadTheirs(folder: string, longestSeconds: number | undefined): Promise<CtcModel> {
  const { encoder, unused } = await wav2vec2FromFolder(folder);
  const model = ctcModel(encoder, await readVocabulary(folder), { random: createRandom(0), longestSeconds });
  assignVariables(model.top.parameters, unused, { from: folder });
  return model;
}
