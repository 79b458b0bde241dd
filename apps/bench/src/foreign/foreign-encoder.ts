/**
 * Somebody else's encoder: a file of ONNX, a folder with `onnx/` as transformers.js reads it, or a hub's id, which becomes such a folder.
 */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { besideOnnx, exists, UsageError } from "@autodidact/core";
import { type ForeignEncoder, type ForeignSettings, foreignSchema } from "@autodidact/evaluate";
import { z } from "zod";
import { loadModalities } from "../modalities.js";
import { hubModel, isHubId } from "./hub-model.js";

const DATA = { image: "images", text: "text", speech: "speech" } as const;

/** Undefined of what the packages read themselves: runs, and folders with weights of a model that they know. `say` is told of downloads. */
export async function foreignEncoder(
  place: string,
  { told, say }: { told?: ForeignSettings | undefined; say(text: string): void },
): Promise<ForeignEncoder | undefined> {
  const file = told?.file ?? "model.onnx";
  const found = isHubId(place) ? await hubModel(place, { file, say }) : resolve(place); // transformers.js takes relative paths for the hub's ids
  const isFile = found.endsWith(".onnx") && (await stat(found).catch(() => undefined))?.isFile() === true;
  const inside = join(found, "onnx", file);
  const isForeign = isFile || (!(await isOwn(found)) && (await exists(inside)));
  if (!isForeign) {
    if (told === undefined) return undefined;
    throw new UsageError(
      `${place} must be a file of ONNX, or a folder with onnx/${file} and no weights of our own, for what is told of it. Leave that out.`,
    );
  }
  const model = isFile ? found : inside;
  return {
    file: model,
    folder: isFile ? undefined : found,
    place,
    data: DATA[told?.modality ?? (await modalityBeside(model, told ?? {}))],
    told: told ?? {},
  };
}

/** A run, or weights of a model that a package knows. */
async function isOwn(folder: string): Promise<boolean> {
  const config = await besideOnnx(join(folder, "model.onnx"), "config.json").catch(() => undefined);
  if (config === undefined) return false;
  if (typeof config.method === "string") return true;
  const { present } = await loadModalities();
  const isKnown = present.some(({ modelTypes = [] }) => modelTypes.some((own) => own === config.model_type));
  return isKnown && (await exists(join(folder, "model.safetensors")));
}

/** What the files beside a model say that it takes, or what is told of it. */
async function modalityBeside(model: string, told: ForeignSettings): Promise<keyof typeof DATA> {
  if (told.size !== undefined || told.mean !== undefined || told.std !== undefined) return "image";
  if (told.sampleRate !== undefined || told.normalize !== undefined) return "speech";
  if (told.maxTokens !== undefined) return "text";
  const prepares = await besideOnnx(model, "preprocessor_config.json");
  if (prepares?.image_mean !== undefined || prepares?.image_processor_type !== undefined) return "image";
  if (prepares?.sampling_rate !== undefined) return "speech";
  if ((await besideOnnx(model, "tokenizer.json")) !== undefined) return "text";
  throw new UsageError(
    `${model} does not say what it is an encoder of, and neither a preprocessor_config.json nor a tokenizer.json lies beside it. Tell it: --onnx modality=image, or "onnx": { "modality": "image" } in a suite.`,
  );
}

/** What follows `--onnx`: `size=224 mean=0.5,0.5,0.5 output=features`. */
export function foreignSettings(typed: readonly string[]): ForeignSettings {
  const entries = typed.map((pair) => {
    const [, name, value] = /^(\w+)=(.+)$/s.exec(pair) ?? [];
    if (name !== undefined) return [name, typedValue(name, value!)] as const;
    throw new UsageError(
      `--onnx must be told as name=value, got ${pair}. Names: ${Object.keys(foreignSchema.shape).join(", ")}.`,
    );
  });
  const outcome = foreignSchema.safeParse(Object.fromEntries(entries));
  if (outcome.success) return outcome.data;
  throw new UsageError(`--onnx ${typed.join(" ")} cannot be:\n${z.prettifyError(outcome.error)}`);
}

function typedValue(name: string, value: string): unknown {
  if (name === "mean" || name === "std") return value.split(",").map(Number);
  if (value === "true" || value === "false") return value === "true";
  return /^\d+$/.test(value) ? Number(value) : value;
}
