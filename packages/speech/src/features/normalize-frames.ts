/**
 * What is done to a spectrogram's values after their logarithm, so that networks meet numbers of one size.
 */
import { add, div, mean, mul, sqrt, square, sub, type Tensor3D } from "@tensorflow/tfjs-core";

/**
 * `none`; `mean`: each band less its mean over the wave's frames, which takes a microphone's colour away; `utterance`: divided by its deviation
 * over them too; or fixed numbers for all bands: (x − mean) / deviation.
 */
export type Normalization = "none" | "mean" | "utterance" | { readonly mean: number; readonly deviation: number };

/** What AST's feature extractor does with the preset `ast`: twice AudioSet's deviation. */
export const audiosetNormalization = { mean: -4.2677393, deviation: 2 * 4.5689974 } as const;

/** [N, F, M] → the same shape. */
export function normalizeFrames(bands: Tensor3D, how: Normalization): Tensor3D {
  if (how === "none") return bands;
  if (typeof how === "object") return mul(sub(bands, how.mean), 1 / how.deviation);
  const centred = sub(bands, mean(bands, 1, true)); // [N, F, M]
  if (how === "mean") return centred as Tensor3D;
  const variance = mean(square(centred), 1, true); // [N, 1, M]
  return div(centred, sqrt(add(variance, FLOOR))) as Tensor3D;
}

/** Silence and bands without a bin stay 0 in place of noise. */
const FLOOR = 1e-5;
