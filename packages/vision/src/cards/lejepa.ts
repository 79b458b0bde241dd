/**
 * LeJEPA's card.
 */

import { share, whole } from "@autodidact/core/cards";
import { lejepa as method } from "../lejepa.js";
import { imageMethod } from "./image-card.js";

export const lejepa = imageMethod({
  name: "lejepa",
  summary: "views embed near their centre, and all embeddings together like an isotropic Gaussian; no teacher",
  options: {
    gaussianShare: share(0.02, "of the loss, that asks for a Gaussian", { above: 0, below: 1 }),
    views: whole(4, "of each image", { from: 2 }),
    directions: whole(256, "in which the embeddings are compared with a Gaussian, new ones each step"),
    hiddenSize: whole(2048, "of the projector's two layers"),
    projectionSize: whole(16, "of the embedding that must be Gaussian"),
  },
  usual: { optimizer: "adamw" }, // the authors', of their smallest example
  rates: { adamw: { learningRate: 2e-3, weightDecay: 0.05 } },
  make: ({ encoder, augment, random, options }) => method(encoder, augment, random, options),
});
