/**
 * Folders of AST that Hugging Face's libraries read, and wrote: of ASTModel, or of it with the head of ASTForAudioClassification.
 */
import {
  assignVariables,
  type CommitOptions,
  createRandom,
  type Random,
  type StoredTensor,
  saveEncoder,
} from "@autodidact/core";
import { type AudioSpectrogramTransformer, ast } from "./ast.js";
import { AST, astOptionsFrom } from "./ast-config.js";
import { assertHeads, PREPROCESSOR, readModelConfig, readModelWeights } from "./hugging-face-files.js";

export interface LoadedAst {
  readonly encoder: AudioSpectrogramTransformer;
  /** What the folder has besides, by name: a classifier. It is not in the encoder. */
  readonly unused: ReadonlyMap<string, StoredTensor>;
}

const WHO = "astFromFolder";

/** How spectrograms are made is in config.json, where we wrote it, or in preprocessor_config.json. */
export async function astFromFolder(folder: string, random: Random = createRandom(0)): Promise<LoadedAst> {
  const encoder = ast(astOptionsFrom(await readModelConfig(WHO, folder, AST), random));
  const { path, stored: asStored } = await readModelWeights(WHO, folder);
  const bare = (name: string) => name.replace(/^audio_spectrogram_transformer\./, ""); // a prefix of models with heads
  const stored = new Map([...asStored].map(([name, tensor]) => [bare(name), tensor]));
  const unused = new Map([...stored].filter(([name]) => !Object.hasOwn(encoder.parameters, name)));
  assertHeads(WHO, [...unused.keys()], { path, own: /^(embeddings|encoder|layernorm)\./ });
  assignVariables(encoder.parameters, stored, { from: path, unexpected: "ignore" });
  return { encoder, unused };
}

/** Writes the folder, whole or not at all, in the place of an older one; `ASTModel.from_pretrained` and AutoFeatureExtractor read it. */
export async function saveAst(
  encoder: Pick<AudioSpectrogramTransformer, "parameters" | "buffers" | "config">,
  folder: string,
  options: CommitOptions = {},
): Promise<void> {
  const { do_normalize, max_length, mean, num_mel_bins, sampling_rate, std } = encoder.config;
  const preprocessor = {
    feature_extractor_type: "ASTFeatureExtractor",
    do_normalize,
    max_length,
    mean,
    num_mel_bins,
    sampling_rate,
    std,
    feature_size: 1,
    padding_side: "right",
    padding_value: 0,
    return_attention_mask: false,
  };
  await saveEncoder(encoder, folder, { json: { [PREPROCESSOR]: preprocessor }, ...options });
}
