/**
 * Images as features of an encoder in a file of ONNX: our own export, or somebody else's.
 */
import {
  besideOnnx,
  extractorOf,
  type FeatureExtractor,
  type FeatureTable,
  folderOfOnnx,
  type OnnxEncoder,
  type OnnxEncoderOptions,
  openOnnxEncoder,
  UsageError,
} from "@autodidact/core";
import type { PixelStatistics } from "../augment/standardize.js";
import type { DecodeOptions } from "../datasets/decode-image.js";
import { type ImagePreprocessing, readPreprocessing } from "../encoders/image-encoder-files.js";
import { type Image, sharesOf } from "../image.js";

export interface OnnxImagesOptions extends OnnxEncoderOptions {
  /** Height and width in pixels; the model's own, or those of preprocessor_config.json, unless told. */
  readonly size?: number | undefined;
  /** Of pixels from 0 to 1, a number a channel; those of preprocessor_config.json unless told. */
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
  /** 32 unless told, or what the model holds at once. */
  readonly batchSize?: number | undefined;
}

export interface OnnxImages {
  /** How images are to be opened for it. */
  readonly decoding: Required<Pick<DecodeOptions, "size" | "channels">> & Pick<DecodeOptions, "window">;
  /** `sha256:…` of the model's file. */
  readonly weights: string;
  /** What it is and how images are prepared, for records. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Images opened by `decoding` to features; disposing of it releases the model. */
  extractor(): FeatureExtractor<Image>;
}

/** Throws a UsageError that names what must be told where the file and preprocessor_config.json beside it leave it unclear. */
export async function openOnnxImages(path: string, options: OnnxImagesOptions = {}): Promise<OnnxImages> {
  const encoder = await openOnnxEncoder(path, options);
  const input = pixelsOf(path, encoder);
  const { size, statistics, window } = await preprocessingOf(path, options, input.size);
  const channels = statistics.mean.length;
  if (statistics.std.length !== channels || (input.channels ?? channels) !== channels)
    throw new UsageError(
      `${path} takes images of ${input.channels ?? channels} channels: mean and std must have a number each, got ${channels} and ${statistics.std.length}. Tell them: { mean, std }.`,
    );
  const batchSize = input.batch ?? options.batchSize ?? 32;
  const featuresOf = async (images: readonly Image[]): Promise<FeatureTable> => {
    const filled = [...images, ...Array<Image>(batchSize - images.length).fill(images.at(-1)!)];
    const shape = input.isChannelsLast ? [batchSize, size, size, channels] : [batchSize, channels, size, size];
    const data = pixelValues(filled, statistics, input.isChannelsLast);
    const { values, size: width } = await encoder.features({ [input.name]: { type: "float32", shape, data } });
    return { values: values.slice(0, images.length * width), count: images.length, size: width };
  };
  return {
    decoding: { size, channels, ...(window !== undefined && { window }) },
    weights: encoder.weights,
    config: { ...encoder.config, size, ...statistics },
    extractor: () => extractorOf(featuresOf, { batchSize, dispose: () => void encoder.release() }),
  };
}

interface PixelInput {
  readonly name: string;
  /** How many images at once; undefined: any number. */
  readonly batch: number | undefined;
  readonly channels: number | undefined;
  readonly size: number | undefined;
  readonly isChannelsLast: boolean;
}

function pixelsOf(path: string, { inputs }: OnnxEncoder): PixelInput {
  const [input] = inputs;
  if (inputs.length !== 1 || input!.type !== "float32" || input!.shape.length !== 4) {
    const got = inputs.map(({ name, type, shape }) => `${name}: ${type}[${shape}]`).join(", ");
    throw new UsageError(`${path} must take images alone, float32 [N, C, H, W] or [N, H, W, C], and takes ${got}.`);
  }
  const [batch, second, third, fourth] = input!.shape.map((side) =>
    typeof side === "number" && side > 0 ? side : undefined,
  );
  const isFew = (side: number | undefined) => side !== undefined && side <= 4;
  const isChannelsLast = !isFew(second) && isFew(fourth);
  const [channels, height, width] = isChannelsLast ? [fourth, second, third] : [second, third, fourth];
  if (height !== width)
    throw new UsageError(`${path} must take images as high as wide, and takes ${height ?? "any"} × ${width ?? "any"}.`);
  return { name: input!.name, batch, channels, size: height, isChannelsLast };
}

/** What is told comes first, then the model itself, then what lies beside it. */
async function preprocessingOf(
  path: string,
  { size: told, mean, std }: OnnxImagesOptions,
  ownSize: number | undefined,
): Promise<ImagePreprocessing> {
  if (told !== undefined && ownSize !== undefined && told !== ownSize)
    throw new UsageError(`${path} takes images of ${ownSize} × ${ownSize} pixels, not of ${told}. Leave size out.`);
  const isBeside = (await besideOnnx(path, "preprocessor_config.json")) !== undefined;
  const size = told ?? ownSize;
  if (size !== undefined && mean !== undefined && std !== undefined) return { size, statistics: { mean, std } };
  if (!isBeside) {
    const missing = [size === undefined && "size", mean === undefined && "mean", std === undefined && "std"];
    throw new UsageError(
      `${path} does not say how images are prepared, and no preprocessor_config.json lies beside it. Tell ${missing.filter(Boolean).join(", ")}: { size: 224, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } of many that learned from ImageNet.`,
    );
  }
  const beside = await readPreprocessing(await folderOfOnnx(path, "preprocessor_config.json"));
  return {
    ...beside,
    size: size ?? beside.size,
    statistics: { mean: mean ?? beside.statistics.mean, std: std ?? beside.statistics.std },
  };
}

/** (x − mean) / std of values from 0 to 1, [N, C, H, W] or [N, H, W, C]. */
function pixelValues(images: readonly Image[], { mean, std }: PixelStatistics, isChannelsLast: boolean): Float32Array {
  const channels = mean.length;
  const each = images[0]!.pixels.length;
  const places = each / channels;
  const values = new Float32Array(images.length * each);
  for (const [n, { pixels }] of images.entries()) {
    for (const [i, share] of sharesOf(pixels).entries()) {
      const channel = i % channels;
      const into = isChannelsLast ? i : channel * places + (i - channel) / channels;
      values[n * each + into] = (share - mean[channel]!) / std[channel]!;
    }
  }
  return values;
}
