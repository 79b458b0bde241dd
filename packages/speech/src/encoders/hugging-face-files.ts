/**
 * Folders that Hugging Face's libraries wrote: JSON that may not be there, weights in one file or several.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openWeights, type StoredTensor, UsageError, verifyIfListed } from "@autodidact/core";

/** How waves are prepared. */
export const PREPROCESSOR = "preprocessor_config.json";

/** Undefined where there is none. `who` is named in errors. */
export async function readJson(
  who: string,
  folder: string,
  name: string,
): Promise<Record<string, unknown> | undefined> {
  const path = join(folder, name);
  await verifyIfListed(folder, [name]);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new UsageError(`${who}: ${path} must be JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** config.json, which must be of this model; the fields of preprocessor_config.json, where it has none of that name. */
export async function readModelConfig(who: string, folder: string, model: string): Promise<Record<string, unknown>> {
  const config = await readJson(who, folder, "config.json");
  if (config?.model_type !== model) {
    throw new UsageError(
      `${who}: config.json of ${folder} must have model_type "${model}", got ${JSON.stringify(config?.model_type)}.`,
    );
  }
  return { ...(await readJson(who, folder, PREPROCESSOR)), ...config };
}

export interface ModelWeights {
  /** The file, or the index of several. */
  readonly path: string;
  readonly stored: Map<string, StoredTensor>;
}

export async function readModelWeights(who: string, folder: string): Promise<ModelWeights> {
  await verifyIfListed(folder);
  const files = await openWeights(folder);
  if (files !== undefined) return { path: files.path, stored: await files.read() };
  throw new UsageError(
    `${who}: ${folder} must hold a model.safetensors, or several with a model.safetensors.index.json, and does not. ` +
      "Save the model again with save_pretrained; pickled weights (.bin, .pt) are not read.",
  );
}

/** A tensor of the encoder that the config knows nothing of tells that they are not of one model; heads may be there. */
export function assertHeads(
  who: string,
  unused: readonly string[],
  { path, own }: { path: string; own: RegExp },
): void {
  const strange = unused.filter((name) => own.test(name));
  if (strange.length === 0) return;
  throw new UsageError(
    `${who}: ${path} must hold the encoder that its config.json describes, and has ${strange.length} tensors more: ` +
      `${strange.slice(0, 3).join(", ")}. Take the config.json that was saved with it.`,
  );
}
