/**
 * BYOL's card.
 */

import { share, whole } from "@autodidact/core/cards";
import { byol as method } from "../byol.js";
import { imageMethod } from "./image-card.js";

export const byol = imageMethod({
  name: "byol",
  summary: "one view predicts what a slower copy of the network makes of another; no negatives",
  options: {
    targetMomentum: share(0.996, "of the target at the start, by which it stays as it was; rises to 1", { unit: "m" }),
    hiddenSize: whole(4096, "of projector and predictor"),
    projectionSize: whole(256, "of the space where views are compared"),
  },
  make: ({ encoder, augment, random, options }) =>
    method(encoder, augment, random, { ...options, momentum: options.targetMomentum }),
});
