/**
 * Recordings as a browser plays them: WAV of one channel, by the ids that `embed` gives them.
 */
import { surveySounds } from "@autodidact/speech";
import type { Items } from "../modality.js";
import { placesOf } from "../places-of.js";
import { wavOf } from "./wav-of.js";

const SAMPLE_RATE = 16_000;
/** Longer recordings are played from their beginning. */
const MOST_SECONDS = 30;

export async function soundItems(path: string): Promise<Items> {
  const survey = await surveySounds(path, { asksClasses: false });
  const sounds = survey.open({ sampleRate: SAMPLE_RATE, part: survey.parts, cacheBytes: 0 });
  const places = placesOf(sounds);
  return {
    has: async (id) => places.has(id),
    async item(id) {
      const { samples } = await sounds.get(places.get(id));
      return { type: "audio/wav", bytes: wavOf(samples.subarray(0, MOST_SECONDS * SAMPLE_RATE), SAMPLE_RATE) };
    },
  };
}
