/**
 * SpecAugment: stretches of time and bands of frequency are masked in a batch of features.
 *
 * Park et al. 2019, https://arxiv.org/abs/1904.08779, section 2, without time warping, which the authors found to matter least. Unless told
 * otherwise, their policy SM ("Switchboard mild"). Masked cells take the recording's mean, which is the 0 of the authors' normalised features.
 */
import type { Random, Tensors } from "@autodidact/core";
import {
  add,
  cast,
  floor,
  greaterEqual,
  less,
  mean,
  minimum,
  mul,
  ones,
  range,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor3D,
  tensor3d,
} from "@tensorflow/tfjs-core";

export interface SpecAugmentOptions {
  /** m_F: masks of bands. */
  bandMasks?: number;
  /** F: bands that a mask covers at most. */
  bandWidth?: number;
  /** m_T: masks of time. */
  timeMasks?: number;
  /** T: frames that a mask covers at most. */
  timeWidth?: number;
  /** p: share of all frames that a mask covers at most. */
  timeShare?: number;
  fill?: "mean" | "zero";
}

export interface FeatureAugment {
  /** Features [N, F, M] to the same, masked. Tensor operations only: it runs inside the step. */
  (features: Tensor3D, drawn: Tensors): Tensor3D;
  /** The chances of n recordings, whatever their length. */
  draw(n: number, random: Random): Tensors;
}

/** Width and start of each mask as shares from 0 to 1, [N, masks, 2]. */
type Drawn = { readonly times?: Tensor3D; readonly bands?: Tensor3D };

export function specAugment(options: SpecAugmentOptions = {}): FeatureAugment {
  const { bandMasks = 2, bandWidth = 15, timeMasks = 2, timeWidth = 70, timeShare = 0.2, fill = "mean" } = options;
  for (const [name, value] of Object.entries({ bandMasks, bandWidth, timeMasks, timeWidth })) {
    if (Number.isInteger(value) && value >= 0) continue;
    throw new RangeError(`specAugment: ${name} must be a whole number of 0 or more, got ${value}.`);
  }
  if (!(timeShare >= 0 && timeShare <= 1))
    throw new RangeError(`specAugment: timeShare must be in [0, 1], got ${timeShare}.`);

  const draw = (n: number, random: Random): Tensors => ({
    ...(timeMasks > 0 && { times: tensor3d(random.uniforms(n * timeMasks * 2), [n, timeMasks, 2]) }),
    ...(bandMasks > 0 && { bands: tensor3d(random.uniforms(n * bandMasks * 2), [n, bandMasks, 2]) }),
  });

  const apply = (features: Tensor3D, drawn: Tensors): Tensor3D => {
    const { times, bands } = drawn as Drawn;
    const [, frames, width] = features.shape;
    let masked = features;
    const replaced = fill === "mean" ? mean<Tensor3D>(features, [1, 2], true) : 0; // [N, 1, 1]
    const mask = (kept: Tensor3D) => {
      masked = add(mul(masked, kept), mul(replaced, sub(1, kept)));
    };
    if (times) mask(keptPlaces(times, frames, Math.min(timeWidth, Math.floor(timeShare * frames)), [frames, 1]));
    if (bands) mask(keptPlaces(bands, width, Math.min(bandWidth, width), [1, width]));
    return masked;
  };
  return Object.assign(apply, { draw });
}

/** 0 where a mask covers the place, else 1. A mask covers 0 to `most` places, and begins where it has room. */
function keptPlaces(drawn: Tensor3D, length: number, most: number, shape: [number, number]): Tensor3D {
  const [n, masks] = drawn.shape;
  const place = reshape(range(0, length), [1, length]);
  const part = (mask: number, which: number) => reshape(slice(drawn, [0, mask, which], [n, 1, 1]), [n, 1]);
  let kept: Tensor = ones([n, length]);
  for (let mask = 0; mask < masks; mask++) {
    const size = minimum(floor(mul(part(mask, 0), most + 1)), most);
    const start = floor(mul(part(mask, 1), sub(length, size)));
    const isInside = mul(cast(greaterEqual(place, start), "float32"), cast(less(place, add(start, size)), "float32"));
    kept = mul(kept, sub(1, isInside));
  }
  return reshape(kept, [n, ...shape]);
}
