/** PNG, as TensorFlow decodes it: palettes as colours, of 16 bits the upper 8. */
import { decodeAndWait } from "./decode-and-wait.js";
import { inChannels, type Raster } from "./raster.js";

/** Where the header chunk has them: bits of a sample, and what the samples are (https://www.w3.org/TR/png/#11IHDR). */
const BIT_DEPTH = 24;
const COLOUR_TYPE = 25;
const GRAY_TYPES = [0, 4];

export function decodePngFile(name: string, contents: Uint8Array, channels: number): Raster {
  if (![0, 1, 3, 4].includes(channels))
    throw new Error(
      `tf.node.${name}: channels must be 0 (as in the file), 1 (gray), 3 (RGB) or 4 (RGBA) for PNG, got ${channels}.`,
    );
  const colours = GRAY_TYPES.includes(contents[COLOUR_TYPE]!) ? "gray" : "raw";
  return inChannels(decodeAndWait(name, { contents, colours, isDeep: contents[BIT_DEPTH] === 16 }), channels);
}
