/**
 * A model of speech to text in a folder, as Hugging Face lays it out: config.json, model.safetensors, vocab.json, tokenizer_config.json.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommitOptions, createRandom, loadEncoderWeights, saveEncoder } from "@autodidact/core";
import { encoderFromConfig } from "../encoders/encoder-from-config.js";
import { readVocabulary, vocabularyFiles } from "./character-vocabulary.js";
import { type CtcModel, ctcModel } from "./ctc-model.js";

const KIND = "autodidact_ctc";

/** Writes the folder, whole or not at all, in the place of an older one. An encoder of wav2vec 2.0 makes it a Wav2Vec2ForCTC. */
export async function saveCtcModel(model: CtcModel, folder: string, options: CommitOptions = {}): Promise<void> {
  const { encoder, vocabulary, allLayers, longestSeconds, parameters, buffers } = model;
  const own = {
    vocab_size: vocabulary.tokens.length,
    pad_token_id: 0,
    use_weighted_layer_sum: allLayers,
    ...(longestSeconds !== undefined && { longest_seconds: longestSeconds }),
  };
  const config =
    encoder.config.model_type === "wav2vec2"
      ? { ...encoder.config, architectures: ["Wav2Vec2ForCTC"], ...own }
      : { model_type: KIND, encoder: encoder.config, ...own };
  await saveEncoder({ parameters, buffers, config }, folder, { ...options, json: vocabularyFiles(vocabulary) });
}

/** What `saveCtcModel` wrote, or Hugging Face's Wav2Vec2ForCTC. */
export async function loadCtcModel(folder: string): Promise<CtcModel> {
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  const { model_type: kind, architectures, longest_seconds: longest } = config;
  const isTheirs = Array.isArray(architectures) && architectures.includes("Wav2Vec2ForCTC");
  if (kind !== KIND && !isTheirs) {
    throw new Error(
      `loadCtcModel: ${folder} must hold a model of speech to text, and holds ${JSON.stringify(kind ?? null)}. Fine-tune one with transcripts first.`,
    );
  }
  const vocabulary = await readVocabulary(folder);
  const encoder = encoderFromConfig(isTheirs ? config : Object(config.encoder), createRandom(0));
  const model = ctcModel(encoder, vocabulary, {
    random: createRandom(0),
    allLayers: isTheirs ? false : config.use_weighted_layer_sum === true,
    longestSeconds: typeof longest === "number" ? longest : undefined,
  });
  await loadEncoderWeights(model, folder);
  return model;
}
