/**
 * One decoded image, and many of one size as the tensor that a step takes in.
 */
import { hasKernel } from "@autodidact/core";
import { engine, type NamedAttrMap, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";

export type Pixels = Uint8Array | Float32Array;

export interface Image {
  /** Names the sample in reports: its path inside the data set, or its file and place. */
  readonly id: string;
  /** Height × width × channels values, row by row, channels last: bytes, or of images of more than 8 bits shares from 0 to 1. */
  readonly pixels: Pixels;
  readonly height: number;
  readonly width: number;
  /** 1 (gray), 3 (red, green, blue), or the bands of a multispectral image. */
  readonly channels: number;
  /** Index of the class; absent where nobody labelled the image. */
  readonly label?: number;
}

/**
 * [N, H, W, C] of images of one size: int32 bytes, which the engine `onnx` keeps as bytes; float32 shares from 0 to 1 where an image has more
 * than 8 bits.
 */
export function stackImages(images: readonly Image[]): Tensor4D {
  const [first] = images;
  if (first === undefined) throw new RangeError("stackImages: at least one image is needed, got none.");
  const { height, width, channels } = first;
  for (const image of images) {
    if (image.height !== height || image.width !== width || image.channels !== channels) {
      throw new Error(
        `stackImages: images of one batch must have one size, got ${describe(first)} and ${describe(image)}. ` +
          "Set size and channels on the data set.",
      );
    }
  }
  const shape: [number, number, number, number] = [images.length, height, width, channels];
  const size = first.pixels.length;
  if (images.some(({ pixels }) => pixels instanceof Float32Array)) {
    const shares = new Float32Array(images.length * size);
    for (const [n, { pixels }] of images.entries()) shares.set(sharesOf(pixels), n * size);
    return tensor4d(shares, shape);
  }
  const pixels = new Uint8Array(images.length * size);
  for (const [n, image] of images.entries()) pixels.set(image.pixels, n * size);
  if (hasKernel("Bytes")) return engine().runKernel("Bytes", {}, { values: pixels, shape } as unknown as NamedAttrMap);
  return tensor4d(Int32Array.from(pixels), shape, "int32");
}

/** Shares from 0 to 1. */
export function sharesOf(pixels: Pixels): Float32Array {
  return pixels instanceof Float32Array ? pixels : Float32Array.from(pixels, (byte) => byte / 255);
}

/** What a person is shown: shares rounded to bytes. */
export function bytesOf(pixels: Pixels): Uint8Array {
  return pixels instanceof Float32Array ? Uint8Array.from(pixels, (share) => Math.round(255 * share)) : pixels;
}

/** The memory of the pixels, for hashes. */
export function memoryOf({ buffer, byteOffset, byteLength }: Pixels): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function describe({ id, height, width, channels }: Image): string {
  return `${height}×${width}×${channels} (${id})`;
}
