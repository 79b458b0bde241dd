/**
 * Shares from 0 to 1 at the size and channels that were asked for: what `toPixels` of decode-image.ts does with bytes.
 */
import type { Image } from "../image.js";
import { type FloatImage, lanczosResize } from "./lanczos.js";

type Pixelled = Pick<Image, "pixels" | "height" | "width" | "channels">;

export interface Fitting {
  /** Side of the square that images become; as they are unless told. */
  readonly size: number | undefined;
  /** The whole image is squashed to the square, in place of its centre cut out. */
  readonly squash?: boolean | undefined;
  readonly channels: number;
}

/** Gray becomes equal channels, colours become gray by their luminance; undefined where the channels can become no such number. */
export function fitShares(image: FloatImage, { size, squash, channels }: Fitting): Pixelled | undefined {
  const colored = withChannels(image, channels);
  if (colored === undefined || size === undefined) return colored;
  return squash ? squashed(colored, size) : centreSquare(colored, size);
}

/** The first three channels, or the first three times, as a person is shown them. */
export function firstBands({ pixels, height, width, channels }: Pixelled): Pixelled {
  const made =
    pixels instanceof Float32Array ? new Float32Array(3 * height * width) : new Uint8Array(3 * height * width);
  for (let i = 0; i < made.length; i++) {
    const band = channels >= 3 ? i % 3 : 0;
    made[i] = pixels[Math.floor(i / 3) * channels + band]!;
  }
  return { pixels: made, height, width, channels: 3 };
}

/** The shorter side at `size`, the longer and the margin rounded down; an image of that size comes out as it is. */
function centreSquare(image: FloatImage, size: number): FloatImage {
  const { channels } = image;
  const shorter = Math.min(image.width, image.height);
  const [width, height] = [image.width, image.height].map((side) => Math.floor((size * side) / shorter)) as [
    number,
    number,
  ];
  const isSame = width === image.width && height === image.height;
  const resized = isSame ? image : clipped(lanczosResize(image, height, width));
  const [left, top] = [Math.floor((width - size) / 2), Math.floor((height - size) / 2)];
  if (width === size && height === size) return resized;
  const pixels = new Float32Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    const start = ((top + y) * width + left) * channels;
    pixels.set(resized.pixels.subarray(start, start + size * channels), y * size * channels);
  }
  return { pixels, height: size, width: size, channels };
}

function squashed(image: FloatImage, size: number): FloatImage {
  return image.height === size && image.width === size ? image : clipped(lanczosResize(image, size, size));
}

function clipped(image: FloatImage): FloatImage {
  return { ...image, pixels: image.pixels.map((share) => Math.min(1, Math.max(0, share))) };
}

/** Of Rec. 709, as libvips weighs colours. */
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;

function withChannels(image: FloatImage, channels: number): FloatImage | undefined {
  const { pixels, height, width, channels: own } = image;
  if (own === channels) return image;
  const count = height * width;
  if (own === 1) {
    const repeated = new Float32Array(count * channels);
    for (let i = 0; i < count; i++) repeated.fill(pixels[i]!, i * channels, (i + 1) * channels);
    return channels === 3 ? { pixels: repeated, height, width, channels } : undefined;
  }
  if (own !== 3 || channels !== 1) return undefined;
  const gray = new Float32Array(count);
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) gray[i]! += LUMINANCE[c]! * pixels[3 * i + c]!;
  return { pixels: gray, height, width, channels };
}
