/**
 * A text model as commands use it: a run's, trained or under way, or any Hugging Face folder's; and the same model before it learned.
 */
import { join } from "node:path";
import { assignVariables, createRandom, latestCheckpoint, readRun } from "@autodidact/core";
import { loadTextModel, readTokenizer, type Tokenizer, type TokenModel, textModelFromConfig } from "@autodidact/text";
import { exists } from "../free-folder.js";
import { weightsHash } from "../weights-hash.js";
import { tokenizerFolder } from "./prepared-text.js";
import { parseTextSettings, type TextSettings, textMethods } from "./settings.js";

export interface TrainedText {
  readonly model: TokenModel;
  readonly tokenizer: Tokenizer;
  /** Of the run; undefined of a folder that is none. */
  readonly settings: TextSettings | undefined;
  /** Updates behind the weights; 0 where nobody tells. */
  readonly step: number;
  /** Of the encoder's weights: `sha256:…` */
  readonly weights: string;
  /** The longest sequence that it was trained on, or has places for. */
  readonly context: number;
}

export async function openTrainedText(folder: string): Promise<TrainedText> {
  const { config, encoderFolder } = await readRun(folder);
  if (config.model_type !== undefined) return fromHuggingFace(folder);
  const settings = parseTextSettings(config, join(folder, "config.json"));
  const { heads } = textMethods[settings.method];
  const tokenizer = await readTokenizer(tokenizerFolder(folder));
  const common = { tokenizer, settings, context: settings.context };
  if (await exists(join(encoderFolder, "model.safetensors"))) {
    const { model } = await loadTextModel(encoderFolder, createRandom(0), { heads });
    return { ...common, model, step: settings.steps, weights: await weightsHash(model.encoder) };
  }
  const model = textModelFromConfig(settings.model, createRandom(0), { heads });
  const step = await loadCheckpoint(model, folder);
  return { ...common, model, step, weights: await weightsHash(model.encoder) };
}

async function fromHuggingFace(folder: string): Promise<TrainedText> {
  const { model } = await loadTextModel(folder, createRandom(0));
  const { encoder } = model;
  return {
    ...{ model, tokenizer: await readTokenizer(folder), settings: undefined, step: 0 },
    ...{ weights: await weightsHash(encoder), context: encoder.maxLength },
  };
}

/** The same architecture with new weights: what learning began from. */
export function untrained({ model, settings }: TrainedText): TokenModel {
  const heads = "scoreRelation" in model ? "pairs" : "tokens";
  return textModelFromConfig(model.config, createRandom(settings?.seed ?? 0).split("model"), { heads });
}

/** Of an unfinished run, the last checkpoint; returns its step. */
async function loadCheckpoint(model: TokenModel, folder: string): Promise<number> {
  const { checkpoint } = await latestCheckpoint(join(folder, "checkpoints"));
  if (checkpoint === undefined) {
    throw new Error(`${folder} has neither a finished encoder nor a checkpoint. Go on with the run: --resume.`);
  }
  const from = `checkpoint step-${checkpoint.step}`;
  assignVariables({ ...model.parameters, ...model.buffers }, checkpoint.tensors.learned ?? new Map(), { from });
  return checkpoint.step;
}
