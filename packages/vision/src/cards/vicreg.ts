/**
 * VICReg's card.
 */

import { positive, whole } from "@autodidact/core/cards";
import { vicreg as method } from "../vicreg.js";
import { imageMethod } from "./image-card.js";

export const vicreg = imageMethod({
  name: "vicreg",
  summary: "two views embed alike, each number of the embedding varies, no two vary together; no negatives",
  options: {
    invarianceWeight: positive(25, "of the views' distance", { unit: "w" }),
    varianceWeight: positive(25, "of what varies too little", { unit: "w" }),
    covarianceWeight: positive(1, "of what varies together", { unit: "w" }),
    expanderSize: whole("of the embedding and the two layers before it", {
      usually: "as the augmentation, 8192 or 1024",
    }),
  },
  defaults: ({ preset }) => ({ expanderSize: preset === "imagenet" ? 8192 : 1024 }), // the authors'; enough for small images
  usual: { optimizer: "lars" }, // the authors'
  rates: { lars: { learningRate: 0.2, weightDecay: 1e-6 } },
  chance: ({ varianceWeight }) => ({ loss: 0.99 * varianceWeight, is: "0.99 μ" }),
  make: ({ encoder, augment, random, options }) => method(encoder, augment, random, options),
});
