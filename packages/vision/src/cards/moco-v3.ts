/**
 * MoCo v3's card.
 */

import { positive, share, whole } from "@autodidact/core/cards";
import { mocoV3 as method } from "../moco-v3.js";
import { imageMethod } from "./image-card.js";

export const mocoV3 = imageMethod({
  name: "moco-v3",
  summary: "a view finds the other view's key, of a slower encoder, among those of its batch; no queue",
  options: {
    temperature: positive("of the loss", { unit: "t", usually: "0.2 for ViTs, 1 for ResNets" }),
    keyMomentum: share(0.99, "of the key encoder at the start, by which it stays as it was; rises to 1", { unit: "m" }),
    hiddenSize: whole(4096, "of projector and predictor"),
    projectionSize: whole(256, "of the space where views are compared"),
  },
  defaults: ({ encoder }) => ({ temperature: "stem" in encoder ? 1 : 0.2 }), // the authors' for both
  rates: { adamw: { learningRate: 1.5e-4, weightDecay: 0.1 } },
  encoder: (_, family) => (family === "vit" ? { positions: "sincos", pooling: "cls", frozenPatches: true } : {}),
  chance: ({ temperature }, batchSize) => ({ loss: 4 * temperature * Math.log(batchSize), is: "4τ ln N" }),
  make({ encoder, augment, random, options }) {
    const isVit = encoder.config.model_type === "vit";
    const heads = { projectorLayers: isVit ? 3 : 2, predictorNorm: isVit };
    return method(encoder, augment, random, { ...options, ...heads, momentum: options.keyMomentum });
  },
});
