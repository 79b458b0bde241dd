/**
 * A run as evaluation sees it: its encoder, trained, and the same encoder before it learned anything.
 */
import { join } from "node:path";
import {
  assignVariables,
  createRandom,
  type Encoder,
  latestCheckpoint,
  loadEncoderWeights,
  readRun,
} from "@autodidact/core";
import type { PixelStatistics } from "@autodidact/vision";
import { exists } from "../free-folder.js";
import { weightsHash } from "../weights-hash.js";
import { augmentOf, encoderOf, initialEncoder } from "./parts.js";
import { type ImageSettings, parseImageSettings } from "./settings.js";

export interface TrainedRun {
  readonly settings: ImageSettings;
  readonly encoder: Encoder;
  readonly randomInit: Encoder;
  readonly statistics: PixelStatistics;
  /** Updates behind the weights. */
  readonly step: number;
  /** Of the encoder's weights: `sha256:…` */
  readonly weights: string;
}

/** A finished run's encoder; of an unfinished one, the encoder of its last checkpoint. */
export async function openTrainedRun(folder: string): Promise<TrainedRun> {
  const run = await readRun(folder);
  const settings = parseImageSettings(run.config, join(folder, "config.json"));
  const encoder = encoderOf(settings, createRandom(0));
  const step = await loadWeights(encoder, folder, run.encoderFolder, settings.steps);
  return {
    settings,
    encoder,
    randomInit: initialEncoder(settings),
    statistics: augmentOf(settings).statistics,
    step,
    weights: await weightsHash(encoder),
  };
}

async function loadWeights(encoder: Encoder, folder: string, encoderFolder: string, steps: number): Promise<number> {
  if (await exists(join(encoderFolder, "model.safetensors"))) {
    await loadEncoderWeights(encoder, encoderFolder);
    return steps;
  }
  const { checkpoint } = await latestCheckpoint(join(folder, "checkpoints"));
  if (checkpoint === undefined) {
    throw new Error(`${folder} has neither a finished encoder nor a checkpoint. Go on with the run: --resume.`);
  }
  const learned = checkpoint.tensors.learned ?? new Map();
  const own = [...learned].flatMap(([name, tensor]) =>
    name.startsWith("encoder.") ? [[name.slice("encoder.".length), tensor] as const] : [],
  );
  const from = `checkpoint step-${checkpoint.step}`;
  assignVariables({ ...encoder.parameters, ...encoder.buffers }, new Map(own), { from });
  return checkpoint.step;
}
