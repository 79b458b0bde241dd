/**
 * One decoded image, and many of one size as the tensor that a step takes in.
 */
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";

export interface Image {
  /** Names the sample in reports: its path inside the data set, or its file and place. */
  readonly id: string;
  /** Height × width × channels bytes, row by row, channels last. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  /** 1 (gray) or 3 (red, green, blue). */
  readonly channels: number;
  /** Index of the class; absent where nobody labelled the image. */
  readonly label?: number;
}

/** int32 bytes [N, H, W, C] of images of one size. */
export function stackImages(images: readonly Image[]): Tensor4D {
  const [first] = images;
  if (first === undefined) throw new RangeError("stackImages: at least one image is needed, got none.");
  const { height, width, channels } = first;
  const pixels = new Int32Array(images.length * first.pixels.length);
  for (const [n, image] of images.entries()) {
    if (image.height !== height || image.width !== width || image.channels !== channels) {
      throw new Error(
        `stackImages: images of one batch must have one size, got ${describe(first)} and ${describe(image)}. ` +
          "Set size and channels on the data set.",
      );
    }
    pixels.set(image.pixels, n * first.pixels.length);
  }
  return tensor4d(pixels, [images.length, height, width, channels], "int32");
}

function describe({ id, height, width, channels }: Image): string {
  return `${height}×${width}×${channels} (${id})`;
}
