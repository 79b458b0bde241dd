/**
 * The recordings nearest to one, as the command asks for them.
 */
import { counted, type FoundData, grouped, skipping } from "@autodidact/core";
import { nearestSounds } from "@autodidact/speech";
import { boundsOf, readingOf } from "@autodidact/speech/cards";
import type { FoundNeighbours, NeighboursOptions } from "../modality.js";
import { printPassedOver } from "../passed-over.js";
import { inSpeechFlags, soundsInFlags } from "./sound-words.js";

export async function speechNeighbours(
  folder: string,
  data: string,
  query: string,
  { count, typed, signal, show, print }: NeighboursOptions,
): Promise<FoundNeighbours> {
  const onCorrupt = skipping((told) => print(inSpeechFlags(told)));
  const onProgress = (done: number, all: number) => show(`${grouped(done)} of ${counted(all, "recordings")}`);
  const onFound = (found: FoundData) => printPassedOver(found, "recordings", print);
  const { maxSeconds } = boundsOf(typed);
  const asked = { ...readingOf(typed), maxSeconds, count, onFound, onCorrupt, onProgress, signal };
  const found = await soundsInFlags(nearestSounds(folder, data, query, asked));
  onCorrupt.conclude("recordings");
  return { found };
}
