/**
 * MAE's card.
 */

import { share, whole } from "@autodidact/core/cards";
import type { VisionTransformer } from "../encoders/vit.js";
import { mae as method, seenPatches } from "../mae.js";
import { imageMethod } from "./image-card.js";

export const mae = imageMethod({
  name: "mae",
  summary: "an encoder sees a quarter of the patches, a light decoder puts in the pixels of the others",
  options: {
    maskRatio: share(0.75, "of the patches that is hidden", { above: 0, below: 1 }),
    decoderWidth: whole("of the decoder's states", { usually: "a multiple of 64, about two thirds of the encoder's" }),
    decoderLayers: whole(4, "of the decoder", { to: 96 }),
  },
  defaults: ({ encoder }) => ({ decoderWidth: 64 * Math.max(1, Math.round(encoder.width / 96)) }), // the authors': 512 beside 768
  refuse({ decoderWidth, maskRatio }, { data: { size }, encoder }) {
    if (decoderWidth % 64 !== 0) return `\`decoderWidth\` must be a multiple of 64, got ${decoderWidth}.`;
    if (!("patchSize" in encoder)) return undefined;
    const patches = (size / encoder.patchSize) ** 2;
    const seen = seenPatches(patches, maskRatio);
    if (seen === 0 || seen === patches) {
      return `\`maskRatio\` must leave some of the ${patches} patches of an image seen and some hidden, got ${maskRatio}: ${seen === 0 ? "none is seen" : "none is hidden"}. Take another, or a smaller \`patchSize\`.`;
    }
  },
  // The authors crop and mirror, and no more.
  usual: {
    encoder: "vit-tiny",
    optimizer: "adamw",
    cropArea: [0.2, 1],
    jitterStrength: 0,
    grayProbability: 0,
    blurProbability: 0,
  },
  rates: { adamw: { learningRate: 1.5e-4, weightDecay: 0.05 } },
  betas: [0.9, 0.95],
  families: { vit: "its encoder sees some patches only, which a convolution cannot" },
  encoder: () => ({ positions: "sincos" }),
  probe: { normalize: "batch-norm" }, // the authors': its features are of very different sizes
  chance: () => ({ loss: 1, is: "each patch's mean" }),
  make: ({ encoder, augment, random, options }) =>
    method(encoder as VisionTransformer, augment, random, { ...options, decoderHeads: options.decoderWidth / 32 }),
});
