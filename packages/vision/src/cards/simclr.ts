/**
 * SimCLR's card.
 */

import { positive, whole } from "@autodidact/core/cards";
import { simclr as method } from "../simclr.js";
import { imageMethod } from "./image-card.js";

export const simclr = imageMethod({
  name: "simclr",
  summary: "two views of one image embed alike, views of different images apart",
  options: {
    temperature: positive("of the loss", { unit: "t", usually: "as the augmentation, 0.1 or 0.5" }),
    projectionSize: whole(128, "of the space where views are compared"),
  },
  defaults: ({ preset }) => ({ temperature: preset === "imagenet" ? 0.1 : 0.5 }), // the authors' for ImageNet and for CIFAR-10
  chance: (_, batchSize) => ({ loss: Math.log(2 * batchSize - 1), is: "ln(2N − 1)" }),
  make: ({ encoder, augment, random, options }) => method(encoder, augment, random, options),
});
