/** JPEG, as TensorFlow decodes it: by libjpeg-turbo, colours as they are stored, without profiles and turning by EXIF. */
import { decodeAndWait } from "./decode-and-wait.js";
import { componentsOf, withoutColourTransform } from "./jpeg-segments.js";
import { inChannels, type Raster, shrunken } from "./raster.js";

export interface JpegOptions {
  readonly channels: number;
  readonly ratio: number;
  readonly fancyUpscaling: boolean;
  readonly tryRecoverTruncated: boolean;
  readonly acceptableFraction: number;
  readonly dctMethod: string;
}

export function decodeJpegFile(name: string, contents: Uint8Array, options: JpegOptions): Raster {
  const { channels, ratio, tryRecoverTruncated: isRecovered } = options;
  assertOptions(name, options);
  const components = componentsOf(contents);
  const decode = (): Raster => {
    if (components === 1) return decodeAndWait(name, { contents, colours: "gray", isRecovered });
    if (components === 4) return ofInks(decodeAndWait(name, { contents, colours: "cmyk", isRecovered }));
    if (channels !== 1) return decodeAndWait(name, { contents, colours: "raw", isRecovered });
    return firstChannel(
      decodeAndWait(name, { contents: withoutColourTransform(contents), colours: "raw", isRecovered }),
    );
  };
  return inChannels(shrunken(decode(), ratio), channels);
}

function assertOptions(name: string, options: JpegOptions): void {
  const { channels, ratio, fancyUpscaling, acceptableFraction, dctMethod } = options;
  const refuse = (what: string, allowed: string, got: unknown) => {
    throw new Error(`tf.node.${name}: ${what} must be ${allowed}, got ${got}.`);
  };
  if (![0, 1, 3].includes(channels)) refuse("channels", "0 (as in the file), 1 (gray) or 3 (RGB) for JPEG", channels);
  if (![1, 2, 4, 8].includes(ratio)) refuse("ratio", "1, 2, 4 or 8", ratio);
  if (!["", "INTEGER_FAST", "INTEGER_ACCURATE"].includes(dctMethod))
    refuse("dctMethod", '"", "INTEGER_FAST" or "INTEGER_ACCURATE"', JSON.stringify(dctMethod));
  if (!fancyUpscaling) refuse("fancyUpscaling", "true (colours are always interpolated here)", fancyUpscaling);
  if (acceptableFraction !== 1)
    refuse(
      "acceptableFraction",
      "1 (a file that is cut short is refused, or taken as far as it goes with tryRecoverTruncated)",
      acceptableFraction,
    );
}

function firstChannel({ height, width, channels, pixels }: Raster): Raster {
  const first = Uint8Array.from({ length: height * width }, (_, at) => pixels[at * channels]!);
  return { height, width, channels: 1, pixels: first };
}

/** Cyan, magenta, yellow and black to RGB as TensorFlow has it (tensorflow/core/lib/jpeg/jpeg_mem.cc): what of white each ink leaves. */
function ofInks({ height, width, pixels }: Raster): Raster {
  const made = new Uint8Array(height * width * 3);
  for (let at = 0; at < height * width; at += 1) {
    const left = 255 - pixels[4 * at + 3]!;
    for (let c = 0; c < 3; c += 1) made[3 * at + c] = Math.floor((left * (255 - pixels[4 * at + c]!)) / 255);
  }
  return { height, width, channels: 3, pixels: made };
}
