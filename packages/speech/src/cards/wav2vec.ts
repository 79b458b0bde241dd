/**
 * The card of wav2vec 2.0.
 */

import { positive, share, whole } from "@autodidact/core/cards";
import type { Wav2vec2Encoder } from "../encoders/wav2vec2.js";
import { wav2vec as method } from "../wav2vec.js";
import { speechMethod } from "./speech-card.js";

export const wav2vec = speechMethod({
  name: "wav2vec",
  summary: "codes of hidden frames of the wave, told from those of other hidden frames",
  options: {
    maskProbability: share(0.65, "of frames that spans would hide if none overlapped", { above: 0, unit: "p" }),
    maskLength: whole(10, "of a span", { unit: "frames", to: 1000 }),
    negatives: whole(100, "that a hidden frame's code is told from"),
    contrastTemperature: positive(0.1, "of the comparison", { unit: "t" }),
    codeGroups: whole(2, "codebooks", { to: 64 }),
    codeEntries: whole(320, "of each codebook", { from: 2 }),
    diversityWeight: positive(0.1, "of codes being used alike", { unit: "w" }),
  },
  usual: { encoder: "wav2vec2-small", lr: 5e-4 },
  families: { wav2vec2: "it learns from the wave itself, by convolutions" },
  isAugmented: false,
  make: ({ encoder, random, cropSeconds, options }) =>
    method(encoder as Wav2vec2Encoder, random, {
      cropSeconds,
      maskProbability: options.maskProbability,
      maskLength: options.maskLength,
      negatives: options.negatives,
      temperature: options.contrastTemperature,
      groups: options.codeGroups,
      entries: options.codeEntries,
      diversityWeight: options.diversityWeight,
    }),
});
