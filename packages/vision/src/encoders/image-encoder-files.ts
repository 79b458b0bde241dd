/**
 * An image encoder and what goes before it, in a folder: config.json, model.safetensors, and preprocessor_config.json as Hugging Face's image
 * processors read it.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CommitOptions,
  commitListed,
  type Encoder,
  saveEncoder,
  UsageError,
  verifyIfListed,
} from "@autodidact/core";
import type { PixelStatistics } from "../augment/standardize.js";
import type { Window } from "../datasets/window.js";

/** What is done to images before an encoder sees them; an `Augment` has it too. */
export interface ImagePreprocessing {
  /** Height and width in pixels. */
  readonly size: number;
  /** What pixels are standardised with: a mean and a deviation a channel. */
  readonly statistics: PixelStatistics;
  /** The values that become 0 to 1; all that the files' types can hold, or DICOM's own, unless told. */
  readonly window?: Window | undefined;
  /** Without a window, the value that becomes 1, beside 0: 255 unless told; null where no one number says it. */
  readonly white?: number | null | undefined;
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
    throw new UsageError(
      `readPreprocessing: ${folder} must hold a ${PREPROCESSOR}, and does not. Save the encoder by saveImageEncoder, or say how images are prepared: { preprocessing }.`,
    );
  });
  const { size, crop_size: crop, image_mean: mean, image_std: std, window, ...scaling } = parsed(path, text);
  const side = sideOf(size, crop);
  if (side === undefined) {
    throw new UsageError(
      `readPreprocessing: ${path} must resize the shortest edge to the side of the square that is cropped, got ${JSON.stringify({ size, crop_size: crop })}.`,
    );
  }
  if (!areNumbers(mean) || !areNumbers(std) || mean.length !== std.length) {
    throw new UsageError(`readPreprocessing: image_mean and image_std in ${path} must be a number a channel each.`);
  }
  if (window === undefined) return { size: side, statistics: { mean, std }, ...whiteIn(scaling) };
  const { center, width } = Object(window) as Readonly<Record<string, unknown>>;
  if (typeof center !== "number" || typeof width !== "number" || !(width > 0))
    throw new UsageError(`readPreprocessing: window in ${path} must have a center and a width above 0.`);
  return { size: side, statistics: { mean, std }, window: { center, width } };
}

/**
 * What `openImages` does with a size, as Hugging Face's CLIPImageProcessor does it: Lanczos to the shorter edge, then the centre. Its
 * ViTImageProcessor squashes, and ConvNextImageProcessor does from 384 on. It knows no window: what one makes of the values, from 0 to 1, is to
 * be given to it, and so it is where no one number rescales all files' values (`white`).
 */
export function preprocessorConfig({ size, statistics, window, white }: ImagePreprocessing): Record<string, unknown> {
  const isRescaled = window === undefined && white !== null;
  return {
    image_processor_type: "CLIPImageProcessor",
    do_convert_rgb: statistics.mean.length === 3,
    do_resize: true,
    size: { shortest_edge: size },
    resample: PIL_LANCZOS,
    do_center_crop: true,
    crop_size: { height: size, width: size },
    do_rescale: isRescaled,
    ...(isRescaled && { rescale_factor: 1 / (white ?? BYTE) }),
    do_normalize: true,
    image_mean: statistics.mean,
    image_std: statistics.std,
    ...(window !== undefined && { window: { center: window.center, width: window.width } }),
  };
}

const PIL_LANCZOS = 1;
const BYTE = 255;

function whiteIn({ do_rescale: isRescaled, rescale_factor: factor }: Readonly<Record<string, unknown>>) {
  if (isRescaled === false) return { white: null };
  const white = typeof factor === "number" && factor > 0 ? 1 / factor : BYTE;
  const whole = Math.round(white);
  const exact = Math.abs(white - whole) < 1e-6 * whole ? whole : white;
  return exact === BYTE ? {} : { white: exact };
}

/** Both what is written now and what was: a square's height and width, for which images were prepared in the same way. */
function sideOf(size: unknown, crop: unknown): number | undefined {
  const { height, width, shortest_edge: shortest } = Object(size) as Readonly<Record<string, unknown>>;
  const cropped = Object(crop ?? size) as Readonly<Record<string, unknown>>;
  const sides = [shortest ?? height, shortest ?? width, cropped.height, cropped.width];
  return Number.isInteger(sides[0]) && sides.every((side) => side === sides[0]) ? (sides[0] as number) : undefined;
}

function parsed(path: string, text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new UsageError(`readPreprocessing: ${path} must be JSON: ${(cause as Error).message}.`, { cause });
  }
}

const areNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === "number");
