/**
 * The mean and deviation of images' own pixels, for those that no published statistics fit: bands, medical images.
 */
import { CorruptSampleError, type Dataset } from "@autodidact/core";
import { type Image, sharesOf } from "../image.js";
import type { PixelStatistics } from "./standardize.js";

/** Below, a channel is as good as constant: it is not blown up. */
const LEAST_DEVIATION = 1e-3;

/** Of at most `sample` images (64 unless told) spread over the set, one number a channel, of shares from 0 to 1; broken images are left out. */
export async function measureStatistics(
  images: Dataset<Image>,
  { sample = 64, signal }: { sample?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<PixelStatistics> {
  const taken = Math.min(sample, images.length);
  const sums: number[] = [];
  const squares: number[] = [];
  let pixels = 0;
  let last: CorruptSampleError | undefined;
  for (let place = 0; place < taken; place++) {
    signal?.throwIfAborted();
    const image = await readable(images, Math.floor(((place + 0.5) * images.length) / taken));
    if (image instanceof CorruptSampleError) {
      last = image;
      continue;
    }
    for (const [at, share] of sharesOf(image.pixels).entries()) {
      const channel = at % image.channels;
      sums[channel] = (sums[channel] ?? 0) + share;
      squares[channel] = (squares[channel] ?? 0) + share ** 2;
    }
    pixels += image.height * image.width;
  }
  if (pixels === 0)
    throw new Error(
      `measureStatistics: at least one of ${taken} images must be readable, and none is. The last: ${last?.message}.`,
    );
  const mean = sums.map((sum) => sum / pixels);
  const variances = squares.map((square, channel) => Math.max(0, square / pixels - mean[channel]! ** 2));
  return { mean, std: variances.map((variance) => Math.max(LEAST_DEVIATION, Math.sqrt(variance))) };
}

async function readable(images: Dataset<Image>, index: number): Promise<Image | CorruptSampleError> {
  try {
    return await images.get(index);
  } catch (error) {
    if (error instanceof CorruptSampleError) return error;
    throw error;
  }
}
