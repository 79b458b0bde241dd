/**
 * The card of two crops of one recording.
 */

import { choice, positive, share, whole } from "@autodidact/core/cards";
import { speakerContrastive as method } from "../speaker-contrastive.js";
import { speechMethod } from "./speech-card.js";
import { VOICES } from "./voices.js";

export const speakerContrastive = speechMethod({
  name: "speaker-contrastive",
  summary: "two crops of one recording embed alike, those of different ones apart: who speaks, without labels",
  options: {
    contrast: choice(["nt-xent", "angular-prototypical"])("nt-xent", "the loss", { unit: "loss" }),
    voiceTemperature: positive(0.03, "of nt-xent", { unit: "t" }),
    projector: whole(0, "size of the space where crops are compared; 0 compares embeddings as they are", { from: 0 }),
    cropShare: share(0.75, "of a recording that a crop holds at most", { above: 0 }),
  },
  ...VOICES,
  usual: { ...VOICES.usual, noise: 0.5 },
  chance: ({ contrast }, batchSize) =>
    contrast === "nt-xent" ? { loss: Math.log(2 * batchSize - 1), is: "ln(2N − 1)" } : undefined,
  make: ({ encoder, random, cropSeconds, augment, options }) =>
    method(encoder, random, {
      cropSeconds,
      augment,
      cropShare: options.cropShare,
      loss: options.contrast,
      temperature: options.voiceTemperature,
      projectionSize: options.projector,
    }),
});
