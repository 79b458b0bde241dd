/**
 * The address of an encoder's weights: of every tensor's name, type, shape and bytes.
 */
import { createHash } from "node:crypto";
import { type Encoder, storeVariables } from "@autodidact/core";

/** `sha256:…` */
export async function weightsHash({ parameters, buffers }: Pick<Encoder, "parameters" | "buffers">): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, { type, shape, bytes }] of await storeVariables({ ...parameters, ...buffers })) {
    hash.update(JSON.stringify([name, type, shape])).update(bytes);
  }
  return `sha256:${hash.digest("hex")}`;
}
