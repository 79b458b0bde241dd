/**
 * Folders of wav2vec 2.0 that Hugging Face's libraries read, and wrote: of Wav2Vec2Model, or of it with the heads of Wav2Vec2ForPreTraining,
 * Wav2Vec2ForCTC and others, of any year.
 */
import {
  assignVariables,
  type CommitOptions,
  createRandom,
  type Random,
  type StoredTensor,
  saveEncoder,
} from "@autodidact/core";
import { assertHeads, PREPROCESSOR, readModelConfig, readModelWeights } from "./hugging-face-files.js";
import { type Wav2vec2Encoder, wav2vec2 } from "./wav2vec2.js";
import { WAV2VEC2, wav2vec2OptionsFrom } from "./wav2vec2-config.js";

export interface LoadedWav2vec2 {
  readonly encoder: Wav2vec2Encoder;
  /** Tensors of the encoder that the folder has not: they are new. Only what stands for hidden frames may be. */
  readonly fresh: readonly string[];
  /** What the folder has besides, by name: heads (`quantizer.codevectors`, `lm_head.weight`). They are not in the encoder. */
  readonly unused: ReadonlyMap<string, StoredTensor>;
}

const WHO = "wav2vec2FromFolder";
const MASK = "masked_spec_embed";

/** What the folder lacks is drawn from `random`. How waves are prepared is in config.json, where we wrote it, or in preprocessor_config.json. */
export async function wav2vec2FromFolder(folder: string, random: Random = createRandom(0)): Promise<LoadedWav2vec2> {
  const encoder = wav2vec2(wav2vec2OptionsFrom(await readModelConfig(WHO, folder, WAV2VEC2), random));
  const { path, stored: asStored } = await readModelWeights(WHO, folder);
  const stored = underTodaysNames(asStored);
  const variables = { ...encoder.parameters, ...encoder.buffers };
  const { [MASK]: masked, ...others } = variables;
  const known = stored.has(MASK) ? { ...others, [MASK]: masked! } : others;
  const unused = new Map([...stored].filter(([name]) => !Object.hasOwn(variables, name)));
  assertHeads(WHO, [...unused.keys()], { path, own: /^(encoder|feature_extractor|feature_projection|adapter)\./ });
  assignVariables(known, stored, { from: path, unexpected: "ignore" });
  return { encoder, fresh: stored.has(MASK) ? [] : [MASK], unused };
}

/** Writes the folder, whole or not at all, in the place of an older one; `Wav2Vec2Model.from_pretrained` and AutoFeatureExtractor read it. */
export async function saveWav2vec2(
  encoder: Pick<Wav2vec2Encoder, "parameters" | "buffers" | "config">,
  folder: string,
  options: CommitOptions = {},
): Promise<void> {
  await saveEncoder(encoder, folder, { json: preprocessorFile(encoder.config), ...options });
}

/** As Wav2Vec2FeatureExtractor writes it. Models whose first layer sees a whole wave's statistics are given no attention mask there. */
export function preprocessorFile(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const preprocessor = {
    feature_extractor_type: "Wav2Vec2FeatureExtractor",
    do_normalize: config.do_normalize,
    feature_size: 1,
    padding_side: "right",
    padding_value: 0,
    return_attention_mask: config.feat_extract_norm === "layer",
    sampling_rate: config.sampling_rate,
  };
  return { [PREPROCESSOR]: preprocessor };
}

/** Without the prefix of models with heads, and a normalised weight as PyTorch calls its parts since 2.0. */
function underTodaysNames(stored: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  const today = (name: string) =>
    name
      .replace(/^wav2vec2\./, "")
      .replace(/(?<=pos_conv_embed\.conv\.)weight_g$/, "parametrizations.weight.original0")
      .replace(/(?<=pos_conv_embed\.conv\.)weight_v$/, "parametrizations.weight.original1");
  return new Map([...stored].map(([name, tensor]) => [today(name), tensor]));
}
