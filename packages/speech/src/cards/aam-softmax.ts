/**
 * The card of AAM-softmax, which is told who speaks.
 */

import { positive, real } from "@autodidact/core/cards";
import { aamSoftmax as method } from "../aam-softmax.js";
import { speechMethod } from "./speech-card.js";
import { refuseWithoutSpeakers, VOICES } from "./voices.js";

export const aamSoftmax = speechMethod({
  name: "aam-softmax",
  summary: "supervised ceiling: which of the speakers, who are told, by a margin on the angle",
  isSupervised: true,
  options: {
    margin: real(0.2, "on the angle", { from: 0, to: 1, unit: "radians" }),
    scale: positive(30, "of the cosines", { unit: "s" }),
  },
  ...VOICES,
  refuse: (_, { speakers }) => refuseWithoutSpeakers("aam-softmax", speakers),
  make: ({ encoder, random, cropSeconds, augment, speakers, options }) =>
    method(encoder, random, { ...options, cropSeconds, augment, speakers }),
});
