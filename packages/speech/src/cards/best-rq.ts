/**
 * BEST-RQ's card.
 */

import { positive, whole } from "@autodidact/core/cards";
import { bestRq as method } from "../best-rq.js";
import type { FrameTransformer } from "../encoders/frame-transformer.js";
import { speechMethod } from "./speech-card.js";

export const bestRq = speechMethod({
  name: "best-rq",
  summary: "which labels a random quantiser, never learned, gives hidden frames",
  options: {
    spansPerSecond: positive(1, "that begin to be hidden", { unit: "n" }),
    spanSeconds: positive(0.4, "of a hidden span", { unit: "s" }),
    codebooks: whole(1, "each with labels of its own", { to: 64 }),
    codebookEntries: whole("labels of a codebook; the authors have 8192", { from: 2, usually: "1024" }),
    codeSize: whole(16, "of an entry"),
  },
  defaults: () => ({ codebookEntries: 1024 }), // a head of 8,192 costs small machines more than their encoder
  usual: { encoder: "frame-transformer-tiny" },
  families: { "frame-transformer": "its labels are of a spectrogram, which convolutions that learn would move" },
  isAugmented: false,
  chance: ({ codebookEntries }) => ({ loss: Math.log(codebookEntries), is: "ln of the codebook's entries" }),
  make: ({ encoder, random, cropSeconds, options: { codebookEntries, ...options } }) =>
    method(encoder as FrameTransformer, random, { ...options, entries: codebookEntries, cropSeconds }),
});
