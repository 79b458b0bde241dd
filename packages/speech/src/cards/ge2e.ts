/**
 * The card of GE2E, which is told who speaks.
 */

import { whole } from "@autodidact/core/cards";
import { ge2e as method } from "../ge2e.js";
import { speechMethod } from "./speech-card.js";
import { refuseWithoutSpeakers, VOICES } from "./voices.js";

export const ge2e = speechMethod({
  name: "ge2e",
  summary: "supervised ceiling: recordings near the mean of their speaker, who is told",
  isSupervised: true,
  options: { utteranceCrops: whole(2, "of each recording in a batch", { to: 100 }) },
  ...VOICES,
  refuse: (_, { speakers }) => refuseWithoutSpeakers("ge2e", speakers),
  make: ({ encoder, cropSeconds, augment, options }) =>
    method(encoder, { cropSeconds, augment, crops: options.utteranceCrops }),
});
