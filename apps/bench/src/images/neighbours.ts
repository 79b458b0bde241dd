/**
 * The images nearest to one, as the command asks for them.
 */
import { grouped, skipping } from "@autodidact/core";
import { nearestImages } from "@autodidact/vision";
import type { FoundNeighbours, NeighboursOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";

export async function imageNeighbours(
  folder: string,
  data: string,
  query: string,
  { count, signal, show, print }: NeighboursOptions,
): Promise<FoundNeighbours> {
  const onCorrupt = skipping(print);
  const onProgress = (done: number, images: number) => show(`${grouped(done)} of ${grouped(images)} images`);
  const asked = { count, onCorrupt, onProgress, signal };
  const { neighbours, sheet } = await toldInFlags(nearestImages(folder, data, query, asked));
  onCorrupt.conclude("images");
  return { found: neighbours, picture: sheet };
}
