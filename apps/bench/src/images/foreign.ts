/**
 * Images before somebody else's encoder.
 */

import { besideOnnx, extractorOf, UsageError } from "@autodidact/core";
import type { ForeignEncoder } from "@autodidact/evaluate";
import { type Image, openOnnxImages } from "@autodidact/vision";
import { type MeasuredEncoder, measuredForeign, type OpenedForeign } from "../foreign/measured-encoder.js";
import { loadTransformers, type Transformers, transformersModel } from "../foreign/transformers.js";

interface Decoding {
  readonly size: number;
  readonly channels: number;
}

const BATCH = 16;

export async function foreignImages(foreign: ForeignEncoder): Promise<MeasuredEncoder<Image, Decoding>> {
  const opened =
    foreign.folder === undefined ? await openOnnxImages(foreign.file, foreign.told) : await openTransformers(foreign);
  return measuredForeign(foreign, opened);
}

/** Images are opened at the side that its processor crops to: what is left for the processor is to standardise them. */
async function openTransformers(foreign: ForeignEncoder): Promise<OpenedForeign<Image, Decoding>> {
  const size = await sizeOf(foreign);
  const transformers = await loadTransformers();
  const processor = await transformers.AutoImageProcessor.from_pretrained(foreign.folder!, { local_files_only: true });
  Object.assign(processor, { do_resize: false, do_center_crop: false, do_pad: false });
  const { mean, std } = foreign.told;
  if (mean !== undefined) Object.assign(processor, { image_mean: mean });
  if (std !== undefined) Object.assign(processor, { image_std: std });
  const { weights, config, features, release } = await transformersModel(foreign, transformers);
  const look = processor as unknown as (images: readonly object[]) => Promise<{ pixel_values: unknown }>;
  const embed = async (images: readonly Image[]) => {
    const { pixel_values } = await look(images.map((image) => rawImage(image, transformers)));
    return features({ pixel_values });
  };
  return {
    decoding: { size, channels: 3 },
    weights,
    config: { ...config, size },
    extractor: () => extractorOf(embed, { batchSize: BATCH, dispose: () => void release() }),
  };
}

function rawImage({ pixels, width, height }: Image, { RawImage }: Transformers) {
  const bytes = pixels instanceof Float32Array ? pixels.map((share) => Math.round(255 * share)) : pixels;
  return new RawImage(Uint8ClampedArray.from(bytes), width, height, 3);
}

async function sizeOf({ file, folder, told }: ForeignEncoder): Promise<number> {
  const { crop_size: crop, size } = (await besideOnnx(file, "preprocessor_config.json")) ?? {};
  const sides = [crop ?? size].map((side) => {
    if (typeof side === "number") return side;
    const { height, width, shortest_edge: shortest } = Object(side) as Readonly<Record<string, unknown>>;
    return height === width ? (height ?? shortest) : undefined;
  });
  const found = told.size ?? sides[0];
  if (typeof found === "number" && Number.isInteger(found) && found > 0) return found;
  throw new UsageError(
    `${folder} does not say which square of pixels it takes: its preprocessor_config.json has ${JSON.stringify({ size, crop_size: crop })}. Tell it: --onnx size=224`,
  );
}
