/**
 * Left and right exchanged, on the way to a batch.
 */
import type { Image, Pixels } from "./image.js";

export function mirrored<One extends Pick<Image, "pixels" | "width" | "channels">>(image: One): One {
  return { ...image, pixels: mirroredRows(image.pixels, image.width, image.channels) };
}

/** Rows of `width` places of `channels` numbers each. */
export function mirroredRows<Values extends Pixels>(values: Values, width: number, channels: number): Values {
  const turned = values.slice() as Values;
  for (let place = 0; place < values.length; place += channels) {
    const column = (place / channels) % width;
    const to = place + (width - 1 - 2 * column) * channels;
    for (let channel = 0; channel < channels; channel += 1) turned[to + channel] = values[place + channel]!;
  }
  return turned;
}
