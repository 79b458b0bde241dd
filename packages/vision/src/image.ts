/**
 * One decoded image, and many of one size as the tensor that a step takes in.
 */
import { hasKernel } from "@autodidact/core";
import { engine, type NamedAttrMap, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";

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

/** int32 bytes [N, H, W, C] of images of one size; the engine `onnx` keeps them as bytes in memory. */
export function stackImages(images: readonly Image[]): Tensor4D {
  const [first] = images;
  if (first === undefined) throw new RangeError("stackImages: at least one image is needed, got none.");
  const { height, width, channels } = first;
  const pixels = new Uint8Array(images.length * first.pixels.length);
  for (const [n, image] of images.entries()) {
    if (image.height !== height || image.width !== width || image.channels !== channels) {
      throw new Error(
        `stackImages: images of one batch must have one size, got ${describe(first)} and ${describe(image)}. ` +
          "Set size and channels on the data set.",
      );
    }
    pixels.set(image.pixels, n * first.pixels.length);
  }
  const shape: [number, number, number, number] = [images.length, height, width, channels];
  if (hasKernel("Bytes")) return engine().runKernel("Bytes", {}, { values: pixels, shape } as unknown as NamedAttrMap);
  return tensor4d(Int32Array.from(pixels), shape, "int32");
}

function describe({ id, height, width, channels }: Image): string {
  return `${height}×${width}×${channels} (${id})`;
}
