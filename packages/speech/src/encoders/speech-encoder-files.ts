/**
 * A speech encoder in a folder: config.json, with the front end inside, and model.safetensors. Waves are all that it needs: what Hugging Face has
 * a class for has its preprocessor_config.json for it alone.
 */
import { type CommitOptions, type Encoder, saveEncoder } from "@autodidact/core";
import { AST } from "./ast-config.js";
import { saveAst } from "./ast-files.js";
import { WAV2VEC2 } from "./wav2vec2-config.js";
import { saveWav2vec2 } from "./wav2vec2-files.js";

/** Writes the folder, whole or not at all, in the place of an older one. */
export async function saveSpeechEncoder(
  encoder: Pick<Encoder, "parameters" | "buffers" | "config">,
  folder: string,
  options: CommitOptions = {},
): Promise<void> {
  if (encoder.config.model_type === WAV2VEC2) await saveWav2vec2(encoder, folder, options);
  else if (encoder.config.model_type === AST) await saveAst(encoder, folder, options);
  else await saveEncoder(encoder, folder, options);
}
