/**
 * A folder that Hugging Face's libraries read, and wrote: config.json, model.safetensors, tokenizer.json, tokenizer_config.json.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  type CommitOptions,
  type Random,
  readSafetensors,
  saveEncoder,
  verifyIfListed,
} from "@autodidact/core";
import type { TokenizerFiles } from "../tokenizer/tokenizer.js";
import { type StoredNames, storedNames, underTodaysNames } from "./stored-names.js";
import type { TextModel } from "./text-encoder.js";
import { type TextModelOptions, textModelFromConfig } from "./text-model-from-config.js";

/** Writes the folder, whole or not at all, in the place of an older one. */
export async function saveTextModel(
  model: TextModel,
  tokenizer: TokenizerFiles,
  folder: string,
  options: CommitOptions = {},
): Promise<void> {
  await saveEncoder(model, folder, { json: { ...tokenizer }, ...options });
}

export interface LoadedTextModel {
  readonly model: ReturnType<typeof textModelFromConfig>;
  /** Tensors of the model that the folder has not: they are new. Those of heads alone can be. */
  readonly fresh: readonly string[];
  /** Tensors of the folder that the model has not: other heads. */
  readonly unused: readonly string[];
}

/** Any folder of BERT, ALBERT or GPT-2, with any heads or none. */
export async function loadTextModel(
  folder: string,
  random: Random,
  options: TextModelOptions = {},
): Promise<LoadedTextModel> {
  const model = textModelFromConfig(await readConfigFile(folder), random, options);
  return { model, ...(await loadWeights(model, folder)) };
}

/** Gives a model the weights of a folder; what the encoder needs must be there. */
export async function loadWeights(
  model: TextModel,
  folder: string,
): Promise<Pick<LoadedTextModel, "fresh" | "unused">> {
  const path = join(folder, "model.safetensors");
  const names = storedNames[model.config.model_type as string]!;
  await verifyIfListed(folder);
  const { tensors } = await readSafetensors(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new Error(
      `loadTextModel: ${folder} must hold a model.safetensors, and does not. Save the model again in one file (save_pretrained, safetensors).`,
    );
  });
  const stored = underTodaysNames(tensors, names);
  const variables = Object.entries({ ...model.parameters, ...model.buffers });
  const fresh = variables.map(([name]) => name).filter((name) => !stored.has(name));
  const unused = [...stored.keys()].filter((name) => !Object.hasOwn(model.parameters, name));
  assertWholeEncoder(fresh, unused, names, path);
  const known = variables.filter(([name]) => stored.has(name));
  assignVariables(Object.fromEntries(known), stored, { from: path, unexpected: "ignore" });
  return { fresh, unused };
}

export async function readConfigFile(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, "config.json");
  await verifyIfListed(folder, ["config.json"]);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new Error(
      `loadTextModel: ${folder} must hold a config.json, and does not. Give the folder of a saved model.`,
    );
  });
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new Error(`loadTextModel: ${path} must be JSON, and is not: ${(cause as Error).message}.`, { cause });
  }
  if (typeof config !== "object" || config === null || Array.isArray(config))
    throw new Error(`loadTextModel: ${path} must be a JSON object.`);
  return config as Record<string, unknown>;
}

/** A pooler is a head: encoders are saved with and without it. */
function assertWholeEncoder(
  fresh: readonly string[],
  unused: readonly string[],
  { prefix }: StoredNames,
  path: string,
): void {
  const isOfEncoder = (name: string) => name.startsWith(`${prefix}.`) && !name.startsWith(`${prefix}.pooler.`);
  const [missing, surplus] = [fresh.filter(isOfEncoder), unused.filter(isOfEncoder)];
  if (missing.length === 0 && surplus.length === 0) return;
  throw new Error(
    `loadTextModel: ${path} must hold the encoder that its config.json describes. Missing: ${missing[0] ?? "none"}` +
      `${missing.length > 1 ? ` and ${missing.length - 1} more` : ""}; not described: ${surplus[0] ?? "none"}. ` +
      "The two files are of different models.",
  );
}
