/**
 * A trained encoder as others read it: config.json and model.safetensors, in PyTorch's names and shapes; SHA256SUMS tells damage.
 */
import { join } from "node:path";
import { checksumLine, checksumsFile, verifyIfListed } from "../checkpoint/checksums.js";
import { commitDirectory } from "../checkpoint/commit-directory.js";
import type { CommitOptions } from "../checkpoint/commit-file.js";
import type { Encoder } from "../method.js";
import { encodeSafetensors, readSafetensors } from "../safetensors/file.js";
import { integersOf, type StoredTensor, storeIntegers } from "../safetensors/stored-tensor.js";
import { type AssignOptions, assignVariables, storeVariables } from "../safetensors/variables.js";

type Weights = Pick<Encoder, "parameters" | "buffers">;

export interface SaveEncoderOptions extends CommitOptions {
  /** Further JSON files by name: `preprocessor_config.json`. */
  json?: Readonly<Record<string, unknown>>;
}

/** Writes the folder, whole or not at all, in the place of an older one; refused where that holds a file that is not of it. */
export async function saveEncoder(
  encoder: Weights & Pick<Encoder, "config">,
  folder: string,
  options: SaveEncoderOptions = {},
): Promise<void> {
  const { json = {}, files } = options;
  const stored = await storeVariables({ ...encoder.parameters, ...encoder.buffers });
  const tensors = [...stored].map(([name, tensor]) => [name, asPyTorchHolds(tensor)] as const);
  const texts = Object.entries({ "config.json": encoder.config, ...json });
  const contents: [name: string, pieces: Uint8Array[]][] = [
    ["model.safetensors", encodeSafetensors(tensors, { format: "pt" })],
    ...texts.map(([name, value]): [string, Uint8Array[]] => [
      name,
      [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)],
    ]),
  ];
  const sums = contents.map(([name, pieces]) => checksumLine(name, pieces)).join("");
  await commitDirectory(folder, [...contents, [checksumsFile, [Buffer.from(sums)]]], { files });
}

/** Gives the encoder the weights of a folder that `saveEncoder`, or Python, wrote; refused where its checksums tell damage. */
export async function loadEncoderWeights(
  encoder: Weights,
  folder: string,
  options: Pick<AssignOptions, "unexpected"> = {},
): Promise<void> {
  const path = join(folder, "model.safetensors");
  await verifyIfListed(folder);
  const { tensors } = await readSafetensors(path);
  assignVariables({ ...encoder.parameters, ...encoder.buffers }, tensors, { from: path, ...options });
}

/** PyTorch's whole numbers have 64 bits. */
function asPyTorchHolds(tensor: StoredTensor): StoredTensor {
  if (tensor.type !== "I32") return tensor;
  return storeIntegers(BigInt64Array.from(integersOf(tensor)!, BigInt), tensor.shape);
}
