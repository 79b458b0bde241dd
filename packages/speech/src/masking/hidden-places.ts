/**
 * Hidden frames as tensors of one shape, so that a step is compiled once whatever chance hides.
 */
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { HiddenFrames } from "./draw-spans.js";

export type HiddenPlaces = {
  /** 1 where a frame is hidden, [N, F]. */
  readonly mask: Tensor2D;
  /** The hidden frames of each utterance, int32 [N, P]; where it has fewer, its first again. */
  readonly places: Tensor2D;
  /** 1 for each that is one, 0 for those that fill up, [N, P]. */
  readonly counted: Tensor2D;
};

export function hiddenPlaces(hidden: HiddenFrames, sizes: { frames: number; most: number }): HiddenPlaces {
  const { frames, most } = sizes;
  const n = hidden.length;
  const mask = new Float32Array(n * frames);
  const places = new Int32Array(n * most);
  const counted = new Float32Array(n * most);
  for (const [sample, own] of hidden.entries()) {
    places.fill(own[0] ?? 0, sample * most, (sample + 1) * most);
    places.set(own, sample * most);
    counted.fill(1, sample * most, sample * most + own.length);
    for (const frame of own) mask[sample * frames + frame] = 1;
  }
  return {
    mask: tensor2d(mask, [n, frames]),
    places: tensor2d(places, [n, most], "int32"),
    counted: tensor2d(counted, [n, most]),
  };
}
