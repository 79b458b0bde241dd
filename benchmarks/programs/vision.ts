/**
 * Training steps of the methods for images: what they cost. contenders/vision-methods.ts runs them by @autodidact/vision, peers/*.py by PyTorch.
 */
import { simclrFlops } from "./simclr.js";

export interface ResnetSize {
  /** Channels of the stem. */
  readonly width: number;
  /** Two views of each. */
  readonly images: number;
  /** Rows of MoCo's queue. */
  readonly queue?: number;
  /** Of BYOL's heads. */
  readonly hidden?: number;
}

export interface VitSize {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly patch: number;
  readonly images: number;
  /** Of MAE's decoder. */
  readonly decoderWidth?: number;
  readonly decoderLayers?: number;
  /** Of MoCo v3's heads. */
  readonly hidden?: number;
}

export const SIDE = 32;
/** Share of the patches that MAE hides. */
export const MASK_RATIO = 0.75;
/** Parts of a batch in MoCo's batch norms. */
export const NORM_GROUPS = 8;

/** SimCLR's step has two views forward and backward (3 forwards each); MoCo has one so and one forward alone. */
export function mocoFlops({ width, images }: ResnetSize): number {
  return (4 / 6) * simclrFlops({ width, images });
}

/** Two views forward and backward, and both once more through the target. */
export function byolFlops({ width, images }: ResnetSize): number {
  return (8 / 6) * simclrFlops({ width, images });
}

export function maeFlops({ width, layers, patch, images, decoderWidth = 0, decoderLayers = 0 }: VitSize): number {
  const patches = (SIDE / patch) ** 2;
  const seen = 1 + Math.round(patches * (1 - MASK_RATIO));
  const inner =
    trunk({ width, layers, tokens: seen }) + trunk({ width: decoderWidth, layers: decoderLayers, tokens: 1 + patches });
  const ends = patch ** 2 * 3 * (width * seen + decoderWidth * patches) + width * decoderWidth * seen;
  return 3 * 2 * images * (inner + ends);
}

/** Two views forward and backward, and both once more through the key encoder. */
export function mocoV3Flops({ width, layers, patch, images }: VitSize): number {
  return 8 * 2 * images * trunk({ width, layers, tokens: 1 + (SIDE / patch) ** 2 });
}

/** Multiplications of one image: projections, perceptrons, attention. */
function trunk({ width, layers, tokens }: { width: number; layers: number; tokens: number }): number {
  return tokens * layers * (12 * width ** 2 + 2 * tokens * width);
}
