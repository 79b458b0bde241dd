/**
 * MAE: an encoder sees a quarter of an image's patches, a light decoder puts the pixels of the others in.
 *
 * He et al. 2021, https://arxiv.org/abs/2111.06377; the details of its code, https://github.com/facebookresearch/mae (models_mae.py).
 */
import type { Method, Random } from "@autodidact/core";
import {
  add,
  div,
  expandDims,
  mean,
  mul,
  type Scalar,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type MaeDecoderOptions, maeDecoder } from "./encoders/mae-decoder.js";
import { patchify, unpatchify } from "./encoders/patches.js";
import type { VisionTransformer } from "./encoders/vit.js";
import { type Image, stackImages } from "./image.js";

export interface MaeOptions extends Omit<MaeDecoderOptions, "random"> {
  /** The share of patches that is hidden. The authors use 0.75. */
  maskRatio?: number;
}

/** The images of a batch, the chances of one view of each, and which patches are hidden. */
export type MaskedImages = {
  readonly images: Tensor4D;
  readonly view: ReturnType<Augment["draw"]>;
  /** Places of the patches that are seen, int32 [N, K], in the order in which the encoder meets them. */
  readonly kept: Tensor2D;
  /** Where each patch stands among the seen and then the hidden ones, int32 [N, T]. */
  readonly restore: Tensor2D;
  /** 1 where a patch is hidden, [N, T]. */
  readonly mask: Tensor2D;
};

/** How many patches of an image the encoder sees. */
export const seenPatches = (patches: number, maskRatio: number) => Math.round(patches * (1 - maskRatio));

/** All of a batch hide as many patches, so that four batches of 16 accumulated give what one of 64 gives. Collapse shows as a reconstruction that is each patch's mean: a loss of 1. */
export function mae(
  encoder: VisionTransformer,
  augment: Augment,
  random: Random,
  options: MaeOptions = {},
): Method<Image, MaskedImages> {
  const { maskRatio = 0.75, ...sizes } = options;
  const { patches, patchSize, channels, featureSize: width } = encoder;
  const seen = seenPatches(patches, maskRatio);
  if (!(seen >= 1 && seen < patches)) {
    throw new RangeError(
      `mae: some of ${patches} patches must be seen and some hidden, got maskRatio ${maskRatio}. Take another ratio or smaller patches.`,
    );
  }
  const pixels = patchSize * patchSize * channels;
  const decoder = maeDecoder({ width, patches, pixels }, { random: random.split("decoder"), ...sizes });

  const reconstruct = (view: Tensor4D, { kept, restore }: MaskedImages) =>
    decoder(encoder.hiddenStates(view, kept), restore); // [N, T, P·P·C]

  return {
    name: "mae",
    encoder,
    learned: { encoder, decoder },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      view: augment.draw(images.length, chance),
      ...drawMask(images.length, { patches, seen }, chance),
    }),
    loss: (batch) => {
      const view = augment(batch.images, batch.view); // [N, S, S, C]
      const target = patchify(view, patchSize); // [N, T, P·P·C]
      return reconstructionLoss(reconstruct(view, batch), normalized(target).patches, batch.mask);
    },
    preview: (batch) => {
      const view = augment(batch.images, batch.view);
      const { patches: _, center, deviation } = normalized(patchify(view, patchSize));
      const shown = (patches: Tensor3D) =>
        visible(toPixels(unpatchify(patches, patchSize, channels), augment.statistics));
      const input = patchify(view, patchSize);
      const [hidden, seen] = [expandDims(batch.mask, 2), expandDims(sub(1, batch.mask), 2)];
      const made = add(mul(reconstruct(view, batch), deviation), center) as Tensor3D; // out of the patches' own scale
      return {
        input: shown(input),
        masked: shown(mul(input, seen)),
        reconstruction: shown(add(mul(input, seen), mul(made, hidden))),
      };
    },
  };
}

/** For each image a random order of its patches; the first are seen. */
function drawMask(n: number, { patches, seen }: { patches: number; seen: number }, chance: Random) {
  const kept = new Int32Array(n * seen);
  const restore = new Int32Array(n * patches);
  const mask = new Float32Array(n * patches).fill(1);
  for (let sample = 0; sample < n; sample += 1) {
    for (const [place, patch] of chance.permutation(patches).entries()) {
      restore[sample * patches + patch] = place;
      if (place >= seen) continue;
      kept[sample * seen + place] = patch;
      mask[sample * patches + patch] = 0;
    }
  }
  return {
    kept: tensor2d(kept, [n, seen], "int32"),
    restore: tensor2d(restore, [n, patches], "int32"),
    mask: tensor2d(mask, [n, patches]),
  };
}

/** Each patch less its mean and divided by its deviation, of unbiased variance; [N, T, P·P·C]. */
function normalized(patches: Tensor3D): { patches: Tensor3D; center: Tensor; deviation: Tensor } {
  const size = patches.shape[2];
  const center = mean(patches, 2, true); // [N, T, 1]
  const centred = sub(patches, center);
  const deviation = sqrt(add(div(sum(square(centred), 2, true), size - 1), 1e-6)); // [N, T, 1]
  return { patches: div(centred, deviation) as Tensor3D, center, deviation };
}

/** The mean squared error of the hidden patches. */
function reconstructionLoss(prediction: Tensor3D, target: Tensor3D, mask: Tensor2D): Scalar {
  const errors = mean(square(sub(prediction, target)), 2); // [N, T]
  return div(sum(mul(errors, mask)), sum(mask));
}

/** Standardised numbers back to shares of full brightness. */
function toPixels(images: Tensor4D, { mean, std }: Augment["statistics"]): Tensor4D {
  return add(mul(images, tensor1d([...std])), tensor1d([...mean]));
}

/** The first three bands as colours, or the first as gray, of images that are neither. */
function visible(images: Tensor4D): Tensor4D {
  const [n, height, width, channels] = images.shape;
  if (channels === 1 || channels === 3) return images;
  return slice(images, [0, 0, 0, 0], [n, height, width, channels > 3 ? 3 : 1]);
}
