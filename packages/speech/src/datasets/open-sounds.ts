/**
 * Opens whatever recordings lie at a path, labelled or not, or says all that it looked for.
 */
import type { FoundData } from "@autodidact/core";
import type { SoundDataset, SoundOptions } from "./sound-dataset.js";
import type { DecodeOptions } from "./sound-set.js";
import { type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

export interface OpenSoundsOptions extends SoundOptions, Omit<DecodeOptions, "sampleRate">, SurveySoundsOptions {}

/** What `surveySounds` finds; where a set comes in parts, `split` chooses one or several. */
export async function openSounds(
  path: string,
  options: OpenSoundsOptions,
): Promise<SoundDataset & { readonly found: FoundData }> {
  const { split, sampleRate, maxSeconds, cacheBytes, ...asked } = options;
  const survey = await surveySounds(path, asked);
  return { ...survey.open({ part: split, sampleRate, maxSeconds, cacheBytes }), found: survey.found };
}
