/**
 * The address of an encoder's weights: of every tensor's name, type, shape and bytes.
 */
import { contentHash } from "../data/content-hash.js";
import type { Encoder } from "../method.js";
import { storeVariables } from "../safetensors/variables.js";

/** `sha256:…`, the same wherever the same weights are loaded from. */
export async function weightsHash({ parameters, buffers }: Pick<Encoder, "parameters" | "buffers">): Promise<string> {
  const stored = await storeVariables({ ...parameters, ...buffers });
  return contentHash(
    [...stored].flatMap(([name, { type, shape, bytes }]) => [JSON.stringify([name, type, shape]), bytes]),
  );
}
