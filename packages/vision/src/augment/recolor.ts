/**
 * What happens to the colours of a batch, as small matrices for each image: in one pass by the engine's kernels, over bytes as they are
 * stored.
 */
import { hasKernel } from "@autodidact/core";
import {
  add,
  cast,
  clipByValue,
  engine,
  matMul,
  mean,
  mul,
  reshape,
  slice,
  type Tensor3D,
  type Tensor4D,
  tensor4d,
  transpose,
  unstack,
} from "@tensorflow/tfjs-core";

/** Matrices of color jitter, slot by slot. */
export type Jitter = {
  /** A, [slots, N, C, C]. */
  readonly ofPixel: Tensor4D;
  /** B, [slots, N, C, C]. */
  readonly ofMean: Tensor4D;
};

export interface Recoloring {
  /** Slot by slot x ← A·x + B·m, m the image's mean, clipped to [0, 1]. */
  readonly jitter?: Jitter | undefined;
  /** The last step, x ← M·x + s, not clipped: [N, C, C + 1], s its last column. */
  readonly last?: Tensor3D | undefined;
}

/** [N, C, H, W] or [N, H, W, C]. */
export interface Layouts {
  readonly from: "planes" | "pixels";
  readonly to: "planes" | "pixels";
}

/** The kernel takes no more. */
const MOST_CHANNELS = 4;

/** Bytes (int32), read as shares of 255, or floats as they are; floats come back. */
export function recolor(images: Tensor4D, { jitter, last }: Recoloring, { from, to }: Layouts): Tensor4D {
  const [n, height, width, channels] = shapeOf(images, from);
  const none = () => tensor4d([], [0, n, channels, channels]);
  const { ofPixel, ofMean } = jitter ?? { ofPixel: none(), ofMean: none() };
  const scale = images.dtype === "float32" ? 1 : 1 / 255;
  if (channels <= MOST_CHANNELS && hasKernel("ColorJitter")) {
    const inputs = { images, ofPixel, ofMean, ...(last && { last }) };
    return engine().runKernel("ColorJitter", inputs, { from, to, scale });
  }

  const shares = mul(cast(images, "float32"), scale);
  const planes = from === "planes" ? shares : transpose(shares, [0, 3, 1, 2]);
  const flat: Tensor3D = reshape(planes, [n, channels, height * width]);
  const recolored = mapped(jittered(flat, ofPixel, ofMean), last);
  const shaped: Tensor4D = reshape(recolored, [n, channels, height, width]);
  return to === "planes" ? shaped : transpose(shaped, [0, 2, 3, 1]);
}

/** Guards what users call: matrices [N, C, C] must be those of images [N, H, W, C]. */
export function assertFitting(who: string, { shape: images }: Tensor4D, matrices: readonly number[]): void {
  const [n, , , channels] = images;
  const wanted = [n, channels, channels];
  if (images.length === 4 && matrices.length === 3 && wanted.every((length, axis) => length === matrices[axis])) return;
  throw new Error(
    `${who}: images must be [N, H, W, C] and matrices [N, C, C], got [${images}] and [${matrices}]. ` +
      "Draw chances for as many images and channels as there are.",
  );
}

/** N, H, W, C. */
function shapeOf({ shape }: Tensor4D, layout: Layouts["from"]): [number, number, number, number] {
  if (layout === "pixels") return shape;
  const [n, channels, height, width] = shape;
  return [n, height, width, channels];
}

function jittered(planes: Tensor3D, ofPixel: Tensor4D, ofMean: Tensor4D): Tensor3D {
  if (ofPixel.shape[0] === 0) return planes;
  const meanMatrices = unstack(ofMean) as Tensor3D[];
  return (unstack(ofPixel) as Tensor3D[]).reduce((x, a, slot) => {
    const shift = matMul(meanMatrices[slot]!, mean<Tensor3D>(x, 2, true)); // [N, C, 1]
    return clipByValue(add<Tensor3D>(matMul(a, x), shift), 0, 1);
  }, planes);
}

function mapped(planes: Tensor3D, last: Tensor3D | undefined): Tensor3D {
  if (last === undefined) return planes;
  const [n, channels] = last.shape;
  const matrices = slice(last, [0, 0, 0], [n, channels, channels]);
  return add(matMul(matrices, planes), slice(last, [0, 0, channels], [n, channels, 1]));
}
