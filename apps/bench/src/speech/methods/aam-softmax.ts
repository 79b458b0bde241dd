/**
 * The card of AAM-softmax, which is told who speaks.
 */
import { aamSoftmax as method } from "@autodidact/speech";
import { positive, real } from "../../typed-option.js";
import { speechMethod } from "../card.js";
import { refuseWithoutSpeakers, VOICES } from "../voices.js";

export const aamSoftmax = speechMethod({
  name: "aam-softmax",
  summary: "supervised ceiling: which of the speakers, who are told, by a margin on the angle",
  options: {
    margin: real(0.2, "on the angle", { from: 0, to: 1, unit: "radians" }),
    scale: positive(30, "of the cosines", { unit: "s" }),
  },
  ...VOICES,
  refuse: (_, { speakers }) => refuseWithoutSpeakers("aam-softmax", speakers),
  make: ({ encoder, random, cropSeconds, augment, speakers, options }) =>
    method(encoder, random, { ...options, cropSeconds, augment, speakers }),
});
