/**
 * The card of masked frames.
 */

import { share, whole } from "@autodidact/core/cards";
import type { FrameTransformer } from "../encoders/frame-transformer.js";
import { maskedFrames as method } from "../masked-frames.js";
import { speechMethod } from "./speech-card.js";

export const maskedFrames = speechMethod({
  name: "masked-frames",
  summary: "parts of a spectrogram are hidden, and put in again from what is around them",
  options: {
    maskShare: share(0.15, "of the frames that spans hide", { above: 0, to: 0.9 }),
    maskSpan: whole(7, "of hidden frames that follow each other", { unit: "frames", to: 1000 }),
    bandShare: share(0.2, "of the bands that is hidden at most", { to: 0.9 }),
    noiseProbability: share(0, "of utterances that are heard through noise", { unit: "p" }),
  },
  usual: { encoder: "frame-transformer-tiny" },
  families: { "frame-transformer": "it puts in the bands of a spectrogram, which a transformer over frames hears" },
  isAugmented: false,
  make: ({ encoder, random, cropSeconds, options: { maskShare, maskSpan, ...options } }) =>
    method(encoder as FrameTransformer, random, { ...options, share: maskShare, span: maskSpan, cropSeconds }),
});
