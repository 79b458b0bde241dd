/** Pixels between a decoder and a tensor. */
export interface Raster {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** One after the other from the top; height × width × channels bytes. */
  readonly pixels: Uint8Array;
}

/** The same image in so many channels, as TensorFlow's decoders convert: alpha is dropped or 255, gray is repeated, colours become luminance. */
export function inChannels(raster: Raster, channels: number): Raster {
  const { height, width, pixels, channels: own } = raster;
  if (channels === 0 || channels === own) return raster;
  const made = new Uint8Array(height * width * channels);
  const hasColours = own >= 3;
  const hasAlpha = own % 2 === 0;
  for (let from = 0, to = 0; from < pixels.length; from += own, to += channels) {
    const red = pixels[from]!;
    const green = hasColours ? pixels[from + 1]! : red;
    const blue = hasColours ? pixels[from + 2]! : red;
    if (channels < 3) made[to] = luminance(red, green, blue);
    else {
      made[to] = red;
      made[to + 1] = green;
      made[to + 2] = blue;
    }
    if (channels % 2 === 0) made[to + channels - 1] = hasAlpha ? pixels[from + own - 1]! : 255;
  }
  return { height, width, channels, pixels: made };
}

/** ITU-R BT.601's weights, in libpng's fixed point of 15 bits, cut off as there (png_do_rgb_to_gray). */
function luminance(red: number, green: number, blue: number): number {
  return (9797 * red + 19235 * green + 3736 * blue) >> 15;
}

/** Each block of `ratio` × `ratio` pixels as its mean; blocks at the right and lower edge may be smaller. */
export function shrunken(raster: Raster, ratio: number): Raster {
  if (ratio === 1) return raster;
  const { channels, pixels } = raster;
  const [height, width] = [Math.ceil(raster.height / ratio), Math.ceil(raster.width / ratio)];
  const sums = new Float64Array(height * width * channels);
  const counts = new Float64Array(height * width);
  for (let y = 0; y < raster.height; y += 1) {
    for (let x = 0; x < raster.width; x += 1) {
      const [from, to] = [y * raster.width + x, Math.floor(y / ratio) * width + Math.floor(x / ratio)];
      counts[to]! += 1;
      for (let c = 0; c < channels; c += 1) sums[to * channels + c]! += pixels[from * channels + c]!;
    }
  }
  const means = Uint8Array.from(sums, (sum, i) => Math.round(sum / counts[Math.floor(i / channels)]!));
  return { height, width, channels, pixels: means };
}
