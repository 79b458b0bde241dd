/**
 * Left and right exchanged, on the way to a batch.
 */
import type { Image } from "./image.js";

export function mirrored<One extends Pick<Image, "pixels" | "width" | "channels">>(image: One): One {
  return { ...image, pixels: mirroredRows(image.pixels, image.width, image.channels) };
}

/** Rows of `width` places of `channels` numbers each. */
export function mirroredRows(values: Uint8Array, width: number, channels: number): Uint8Array {
  const turned = new Uint8Array(values.length);
  for (let place = 0; place < values.length; place += channels) {
    const column = (place / channels) % width;
    const to = place + (width - 1 - 2 * column) * channels;
    for (let channel = 0; channel < channels; channel += 1) turned[to + channel] = values[place + channel]!;
  }
  return turned;
}
