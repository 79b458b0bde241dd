/**
 * Masked frames: parts of a spectrogram are hidden, in time and in frequency, and put in again from what is around them.
 *
 * Mockingjay, Liu et al. 2019, https://arxiv.org/abs/1910.12638; TERA, Liu et al. 2020, https://arxiv.org/abs/2007.06028; the details of their
 * code, https://github.com/s3prl/s3prl (pretrain/mockingjay).
 */
import {
  defineModule,
  type Encoder,
  gelu,
  layerNorm,
  linear,
  type Method,
  normalValues,
  type Random,
  withoutGradient,
  zeroValues,
} from "@autodidact/core";
import {
  abs,
  add,
  div,
  expandDims,
  gather,
  mul,
  range,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
  tile,
} from "@tensorflow/tfjs-core";
import { cropSounds } from "./crop-sounds.js";
import type { FrameTransformer } from "./encoders/frame-transformer.js";
import { drawFrameMasks, type FrameMaskOptions, type FrameMasks, spanCount } from "./masking/mask-frames.js";
import type { Sound } from "./sound.js";

export interface MaskedFramesOptions extends FrameMaskOptions {
  /**
   * Each recording is heard in a piece of so many seconds; 2 unless told. Take what most recordings last at least: shorter ones are repeated,
   * and what is hidden can then be copied from where it is repeated.
   */
  cropSeconds?: number;
  /** The chance that noise, N(0, 0.2²) on standardised bands, is added to what is heard of an utterance; 0 unless told, TERA's code has 0.15. */
  noiseProbability?: number;
}

/** Waves [N, T], what is altered of them, and noise [N, F, M] where there is any. */
export type MaskedFrames = { readonly waves: Tensor2D; readonly masks: FrameMasks } & (
  | { readonly noise: Tensor3D }
  | Record<never, Tensor>
);

/**
 * The mean distance (L1) of chosen cells: frames that are zeroed, replaced or left, and bands that are zeroed. Bands are standardised over the
 * piece that is heard, so that zero is each band's mean. Collapse shows as a reconstruction that is that mean: `explained` stays 0, the loss
 * about 0.8. The mean is over the batch's chosen cells: accumulated batches count alike whatever the widths of their bands, so that four of 16
 * come near what one of 64 gives, but do not equal it.
 */
export function maskedFrames(
  encoder: FrameTransformer,
  random: Random,
  options: MaskedFramesOptions = {},
): Method<Sound, MaskedFrames> {
  const { cropSeconds = 2, noiseProbability = 0, ...masking } = options;
  const { frontEnd, stack, bands: cells } = encoder; // cells of a frame: bands of each frame that is stacked
  const samples = Math.floor(cropSeconds * encoder.sampleRate);
  const sizes = { frames: encoder.frames(samples), bands: frontEnd.bands };
  assertPossible(encoder, sizes.frames, options);
  const head = predictionHead(encoder.featureSize, cells, random.split("head"));

  const reconstruct = (altered: Tensor3D) => head(encoder.states(altered).at(-1)!); // [N, F, M]
  const heard = ({ waves }: MaskedFrames) => withoutGradient(() => encoder.features(waves)); // [N, F, M]

  return {
    name: "masked-frames",
    encoder: encoder as Encoder,
    learned: { encoder, head },
    draw: (sounds, chance) => {
      const batch = {
        waves: cropSounds(sounds, samples, chance),
        masks: drawFrameMasks(sounds.length, sizes, chance, masking),
      };
      if (noiseProbability === 0) return batch;
      return { ...batch, noise: drawNoise([sounds.length, sizes.frames, cells], noiseProbability, chance) };
    },
    loss: (batch) => {
      const target = heard(batch);
      return meanDistance(reconstruct(altered(target, batch)), target, chosenCells(batch.masks, stack));
    },
    metrics: (batch) => {
      const target = heard(batch);
      const chosen = chosenCells(batch.masks, stack);
      const error = meanDistance(reconstruct(altered(target, batch)), target, chosen);
      const errorOfMean = meanDistance(mul(target, 0), target, chosen);
      return { explained: sub(1, div(error, errorOfMean)) as Scalar, error };
    },
    preview: (batch) => {
      const input = heard(batch);
      const masked = altered(input, batch);
      const chosen = chosenCells(batch.masks, stack);
      const made = add(mul(input, sub(1, chosen)), mul(reconstruct(masked), chosen)) as Tensor3D;
      const apart = (frames: Tensor3D) => reshape(frames, [frames.shape[0], sizes.frames * stack, sizes.bands]);
      return { input: apart(input), masked: apart(masked), reconstruction: apart(made) }; // [N, F·stack, bands]: drawn lowest band at the bottom
    },
  };

  function altered(frames: Tensor3D, batch: MaskedFrames): Tensor3D {
    const { source, kept, band } = batch.masks;
    const [n, count, size] = frames.shape;
    const starts = reshape(range(0, n * count, count, "int32"), [n, 1]);
    const placed = gather(reshape(frames, [n * count, size]), add(source, starts) as Tensor2D); // [N, F, M]
    const hidden = mul(expandDims(kept, 2), sub(1, bandCells(band, stack))); // [N, F, M]
    const masked = mul(placed, hidden) as Tensor3D;
    return "noise" in batch ? add(masked, batch.noise) : masked;
  }
}

/** [N, bands] → [N, 1, M]: a band is the same in each of the frames that are stacked. */
function bandCells(band: Tensor2D, stack: number): Tensor3D {
  return expandDims(tile(band, [1, stack]), 1);
}

/** 1 at cells of chosen frames and of zeroed bands, [N, F, M]. */
function chosenCells({ chosen, band }: FrameMasks, stack: number): Tensor3D {
  return sub(1, mul(sub(1, expandDims(chosen, 2)), sub(1, bandCells(band, stack)))) as Tensor3D;
}

function meanDistance(prediction: Tensor, target: Tensor, chosen: Tensor): Scalar {
  return div(sum(mul(abs(sub(prediction, target)), chosen)), sum(chosen));
}

/** Two layers, as s3prl's SpecHead: states [N, F, width] → cells [N, F, M]. */
function predictionHead(width: number, cells: number, random: Random) {
  const initial = { initialize: normalValues(0.02), initializeBias: zeroValues };
  const dense = linear(width, width, { random: random.split("dense"), ...initial });
  const norm = layerNorm(width, { epsilon: 1e-12 });
  const output = linear(width, cells, { random: random.split("output"), ...initial });
  return defineModule((states: Tensor3D) => output(norm(gelu(dense(states)))) as Tensor3D, {
    children: [
      ["dense", dense],
      ["norm", norm],
      ["output", output],
    ],
  });
}

/** Noise for some utterances, zeros for the others. */
function drawNoise(shape: [number, number, number], probability: number, chance: Random): Tensor3D {
  const [n, frames, cells] = shape;
  const values = new Float32Array(n * frames * cells);
  for (let utterance = 0; utterance < n; utterance += 1) {
    if (chance.chance(probability)) values.set(chance.normals(frames * cells, 0, 0.2), utterance * frames * cells);
  }
  return tensor3d(values, shape);
}

function assertPossible({ frontEnd }: FrameTransformer, frames: number, options: MaskedFramesOptions): void {
  const { share = 0.15, span = 7, bandShare = 0.2, cropSeconds = 2 } = options;
  if (frontEnd.config.normalize !== "utterance") {
    throw new Error(
      `maskedFrames: the encoder's front end must standardise each recording, for what is hidden becomes 0, got normalize ${JSON.stringify(frontEnd.config.normalize)}. Make it with normalize: "utterance".`,
    );
  }
  if (!Number.isInteger(span) || span < 1 || !(share > 0 && share < 1) || !(bandShare >= 0 && bandShare < 1)) {
    throw new RangeError(
      `maskedFrames: span must be a whole number above 0, share between 0 and 1, bandShare from 0 and below 1, got ${span}, ${share} and ${bandShare}.`,
    );
  }
  const hidden = spanCount(frames, options) * span;
  if (hidden >= frames) {
    throw new RangeError(
      `maskedFrames: some of the ${frames} frames of ${cropSeconds} s must stay, and spans of ${span} would hide ${hidden}. Take a larger cropSeconds or a smaller span.`,
    );
  }
}
