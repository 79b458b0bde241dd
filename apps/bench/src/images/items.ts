/**
 * Images as they are looked at, by the ids that `embed` gives them: decoded and written anew, so that a browser shows every format and no file's
 * bytes reach it.
 */
import { encodePng } from "@autodidact/core";
import { bytesOf, surveyImages } from "@autodidact/vision";
import type { Items } from "../modality.js";
import { placesOf } from "../places-of.js";

/** Pixels of a side. */
const SIDE = 192;

export async function imageItems(path: string): Promise<Items> {
  const survey = await surveyImages(path, { isWhole: true });
  const images = await survey.open({ size: SIDE, channels: 3, part: survey.parts });
  const places = placesOf(images);
  return {
    has: async (id) => places.has(id),
    async item(id) {
      const { pixels, height, width } = await images.get(places.get(id));
      return { type: "image/png", bytes: encodePng({ pixels: bytesOf(pixels), height, width, channels: 3 }) };
    },
  };
}
