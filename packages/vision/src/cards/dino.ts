/**
 * DINO's card.
 */
import { interval, share, whole } from "@autodidact/core/cards";
import { dino as method } from "../dino.js";
import { imageMethod } from "./image-card.js";

/** The authors' 96 pixels beside 224, in whole patches. */
const usualSide = (size: number, patchSize: number) =>
  patchSize * Math.max(1, Math.round((size * 96) / 224 / patchSize));

export const dino = imageMethod({
  name: "dino",
  summary: "small crops tell what a slower teacher makes of large ones, in prototypes; no negatives",
  options: {
    localCrops: whole(8, "small ones of each image, beside two large ones", { from: 0 }),
    localSize: whole("side of small crops, in whole patches", { unit: "pixels", usually: "3/7 of the views'" }),
    localArea: interval([0.05, 0.4], "share of the image that a small crop shows"),
    prototypes: whole(4096, "that images are told by", { from: 16 }), // the authors' 65,536 are for a million images
    hiddenSize: whole(2048, "of the head's two hidden layers"),
    teacherTemperature: interval([0.04, 0.07], "of the teacher, which rises in the first tenth of the steps"),
    teacherMomentum: share(0.996, "of the teacher at the start, by which it stays as it was; rises to 1", {
      unit: "m",
    }),
    frozenShare: share(0.01, "of all steps, in which prototypes stay as they were drawn", { below: 1 }),
  },
  defaults: ({ data, encoder }) => ({
    localSize: usualSide(data.size, "patchSize" in encoder ? encoder.patchSize : 1),
  }),
  refuse({ localSize }, { data: { size }, encoder }) {
    if (localSize > size) return `\`localSize\` must be that of views at most, ${size}, got ${localSize}. Lower it.`;
    if ("patchSize" in encoder && localSize % encoder.patchSize !== 0) {
      return `\`patchSize\` must divide \`localSize\`, got ${encoder.patchSize} for ${localSize}. Change one of them.`;
    }
  },
  usual: { optimizer: "adamw", cropArea: [0.4, 1] }, // the authors'; of views, which are the large crops
  rates: { adamw: { learningRate: 5e-4, weightDecay: 0.04 } },
  encoder: (_, family) => (family === "vit" ? { pooling: "cls" } : {}),
  chance: ({ prototypes }) => ({ loss: Math.log(prototypes), is: "ln K" }),
  make: ({ encoder, augment, random, options }) =>
    method(encoder, augment, random, {
      ...options,
      momentum: options.teacherMomentum,
      headNorm: encoder.config.model_type !== "vit", // the authors' for ResNets
    }),
});
