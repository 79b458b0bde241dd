/**
 * An image encoder and what goes before it, in a folder: config.json, model.safetensors, and preprocessor_config.json as Hugging Face's image
 * processors read it.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommitOptions, commitListed, type Encoder, saveEncoder, verifyIfListed } from "@autodidact/core";
import type { PixelStatistics } from "../augment/standardize.js";

/** What is done to images before an encoder sees them; an `Augment` has it too. */
export interface ImagePreprocessing {
  /** Height and width in pixels. */
  readonly size: number;
  /** What pixels are standardised with: a mean and a deviation a channel. */
  readonly statistics: PixelStatistics;
}

const PREPROCESSOR = "preprocessor_config.json";

/** Writes the folder, whole or not at all, in the place of an older one. */
export async function saveImageEncoder(
  encoder: Encoder,
  folder: string,
  preprocessing: ImagePreprocessing,
  options: CommitOptions = {},
): Promise<void> {
  await saveEncoder(encoder, folder, { json: { [PREPROCESSOR]: preprocessorConfig(preprocessing) }, ...options });
}

/** Writes into a run's folder, whose encoder is not there yet; makes the folder where there is none. */
export async function writePreprocessing(preprocessing: ImagePreprocessing, folder: string): Promise<void> {
  const text = `${JSON.stringify(preprocessorConfig(preprocessing), null, 2)}\n`;
  await mkdir(folder, { recursive: true });
  await commitListed(folder, [[PREPROCESSOR, Buffer.from(text)]]);
}

/** Throws where there is none, or where it asks for what is not done here. */
export async function readPreprocessing(folder: string): Promise<ImagePreprocessing> {
  const path = join(folder, PREPROCESSOR);
  await verifyIfListed(folder, [PREPROCESSOR]);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new Error(
      `readPreprocessing: ${folder} must hold a ${PREPROCESSOR}, and does not. Save the encoder by saveImageEncoder, or say how images are prepared: { preprocessing }.`,
    );
  });
  const { size, image_mean: mean, image_std: std } = parsed(path, text);
  const side = typeof size === "object" && size !== null ? (size as { height?: unknown; width?: unknown }) : {};
  if (!Number.isInteger(side.height) || side.height !== side.width) {
    throw new Error(
      `readPreprocessing: size in ${path} must be a square's height and width, got ${JSON.stringify(size)}.`,
    );
  }
  if (!areNumbers(mean) || !areNumbers(std) || mean.length !== std.length) {
    throw new Error(`readPreprocessing: image_mean and image_std in ${path} must be a number a channel each.`);
  }
  return { size: side.height as number, statistics: { mean, std } };
}

function preprocessorConfig({ size, statistics }: ImagePreprocessing): Record<string, unknown> {
  return {
    image_processor_type: "ViTImageProcessor",
    do_resize: true,
    size: { height: size, width: size },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: statistics.mean,
    image_std: statistics.std,
  };
}

function parsed(path: string, text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`readPreprocessing: ${path} must be JSON: ${(cause as Error).message}.`, { cause });
  }
}

const areNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === "number");
