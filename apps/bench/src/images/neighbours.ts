/**
 * The images nearest to one, as the command asks for them.
 */
import { counted, type FoundData, grouped, skipping } from "@autodidact/core";
import { nearestImages } from "@autodidact/vision";
import type { FoundNeighbours, NeighboursOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { printPassedOver } from "../passed-over.js";

export async function imageNeighbours(
  folder: string,
  data: string,
  query: string,
  { count, signal, show, print }: NeighboursOptions,
): Promise<FoundNeighbours> {
  const onCorrupt = skipping(print);
  const onProgress = (done: number, images: number) => show(`${grouped(done)} of ${counted(images, "images")}`);
  const onFound = (found: FoundData) => printPassedOver(found, "images", print);
  const asked = { count, onFound, onCorrupt, onProgress, signal };
  const { neighbours, sheet } = await toldInFlags(nearestImages(folder, data, query, asked));
  onCorrupt.conclude("images");
  return { found: neighbours, picture: sheet };
}
