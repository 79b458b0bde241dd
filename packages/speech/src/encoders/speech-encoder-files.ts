/**
 * A speech encoder in a folder: config.json, with the front end inside, and model.safetensors. Waves are all that it needs: no preprocessor file.
 */
import { type CommitOptions, type Encoder, saveEncoder } from "@autodidact/core";

/** Writes the folder, whole or not at all, in the place of an older one. */
export async function saveSpeechEncoder(
  encoder: Pick<Encoder, "parameters" | "buffers" | "config">,
  folder: string,
  options: CommitOptions = {},
): Promise<void> {
  await saveEncoder(encoder, folder, options);
}
