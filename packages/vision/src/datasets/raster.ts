/**
 * The values of an image file as they are, before a window or a type's range makes shares of them.
 */
import type { Sharp } from "sharp";
import type { Raster } from "./window.js";

/** An image that takes longer to decode is broken, or made to take long. */
export const timeoutSeconds = 20;

/** All values of an image of 8 bits or of 16, at its own size. */
export async function toRaster(input: Sharp, channels: 1 | 3, isDeep: boolean): Promise<Raster> {
  const spaces = isDeep ? (["grey16", "rgb16"] as const) : (["b-w", "srgb"] as const);
  const { data, info } = await input
    .toColourspace(channels === 1 ? spaces[0] : spaces[1])
    .raw({ depth: isDeep ? "ushort" : "uchar" })
    .timeout({ seconds: timeoutSeconds })
    .toBuffer({ resolveWithObject: true });
  const { height, width, channels: stored } = info;
  const white = isDeep ? 65535 : 255;
  const values = isDeep ? new Uint16Array(new Uint8Array(data).buffer) : data;
  return { values: onWhite(values, { channels, stored, white }), height, width, channels, range: [0, white] };
}

interface Alpha {
  readonly channels: number;
  /** One more where there is transparency. */
  readonly stored: number;
  readonly white: number;
}

/** sharp's `flatten` takes 255 × 256 for the white of 16 bits. */
function onWhite(values: ArrayLike<number>, { channels, stored, white }: Alpha): ArrayLike<number> {
  if (stored === channels) return values;
  const shown = new Float32Array((values.length / stored) * channels);
  for (let i = 0; i < shown.length; i++) {
    const pixel = Math.floor(i / channels) * stored;
    const alpha = values[pixel + stored - 1]! / white;
    shown[i] = values[pixel + (i % channels)]! * alpha + white * (1 - alpha);
  }
  return shown;
}
