/**
 * A folder that Hugging Face's libraries read, and wrote: config.json, model.safetensors, tokenizer.json, tokenizer_config.json.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  type CommitOptions,
  openWeights,
  type Random,
  saveEncoder,
  UsageError,
  verifyIfListed,
  type WeightsFiles,
} from "@autodidact/core";
import type { TokenizerFiles } from "../tokenizer/tokenizer.js";
import { assertConfigFits, describedShapes } from "./assert-config-fits.js";
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
  const described = await openTextModel(folder);
  const model = textModelFromConfig(described.config, random, options);
  const { fresh, unused } = await described.fill(model);
  return { model: { ...model, fresh }, fresh, unused };
}

/** A folder whose config.json and weights fit each other. Neither the model nor its weights are in memory yet. */
export interface DescribedTextModel {
  readonly config: Record<string, unknown>;
  /** Gives a model of the config the weights; those of the encoder must be there. */
  fill(model: TextModel): Promise<Pick<LoadedTextModel, "fresh" | "unused">>;
  /** The hash of the weights' files, `sha256:…`. */
  fingerprint(): Promise<string>;
}

export async function openTextModel(folder: string): Promise<DescribedTextModel> {
  const config = await readConfigFile(folder);
  describedShapes(config); // what is not computed here is refused before the weights are looked at
  const names = storedNames[config.model_type as string]!;
  await verifyIfListed(folder);
  const files = await openWeights(folder);
  if (files === undefined) {
    throw new UsageError(
      `loadTextModel: ${folder} must hold a model.safetensors, or several with a model.safetensors.index.json, and does not. ` +
        "Save the model again with save_pretrained; pickled weights (.bin, .pt) are not read.",
    );
  }
  assertConfigFits(config, underTodaysNames(files.shapes, names), files.path);
  return { config, fill: (model) => loadWeights(model, files), fingerprint: files.fingerprint };
}

async function loadWeights(
  model: TextModel,
  { path, read }: WeightsFiles,
): Promise<Pick<LoadedTextModel, "fresh" | "unused">> {
  const names = storedNames[model.config.model_type as string]!;
  const stored = underTodaysNames(await read(), names);
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
    throw new UsageError(
      `loadTextModel: ${folder} must hold a config.json, and does not. Give the folder of a saved model.`,
    );
  });
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`loadTextModel: ${path} must be JSON, and is not: ${(cause as Error).message}.`, { cause });
  }
  if (typeof config !== "object" || config === null || Array.isArray(config))
    throw new UsageError(`loadTextModel: ${path} must be a JSON object.`);
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
  throw new UsageError(
    `loadTextModel: ${path} must hold the encoder that its config.json describes. Missing: ${missing[0] ?? "none"}` +
      `${missing.length > 1 ? ` and ${missing.length - 1} more` : ""}; not described: ${surplus[0] ?? "none"}. ` +
      "The two files are of different models.",
  );
}
