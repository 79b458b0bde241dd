/**
 * What those that are compared are called.
 */
import type { Comparison } from "./measure.js";

/** The raw features of each modality. */
export const RAW_NAMES = { image: "raw pixels", text: "bag of words", speech: "log-mel statistics" } as const;

/** What a contender is called while it is at work. */
export function contenderName(contender: keyof Comparison, modality: keyof typeof RAW_NAMES): string {
  const names = {
    encoder: "the trained encoder",
    rawFeatures: RAW_NAMES[modality],
    randomInit: "the random init",
    fromScratch: "the encoder trained from scratch",
  };
  return names[contender];
}
