/** PNG, as TensorFlow decodes it: palettes as colours, of 16 bits the upper 8. */
import { decodeAndWait } from "./decode-and-wait.js";
import { inChannels, type Raster } from "./raster.js";

/** Where the header chunk has them: bits of a sample, and what the samples are (https://www.w3.org/TR/png/#11IHDR). */
const BIT_DEPTH = 24;
const COLOUR_TYPE = 25;
/** So many channels a file has by its colour type; of a palette as many as its colours. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

export function decodePngFile(name: string, contents: Uint8Array, channels: number): Raster {
  if (![0, 1, 3, 4].includes(channels))
    throw new Error(
      `tf.node.${name}: channels must be 0 (as in the file), 1 (gray), 3 (RGB) or 4 (RGBA) for PNG, got ${channels}.`,
    );
  const own = CHANNELS[contents[COLOUR_TYPE]!] ?? 0;
  const isDeep = contents[BIT_DEPTH] === 16;
  const colours = own === 1 && channels !== 4 ? "gray" : "raw";
  const decoded = decodeAndWait(name, { contents, colours, isDeep });
  return channels === 4 ? inChannels(decoded, 4) : inChannels(inChannels(decoded, own), channels); // a colour may be seen through
}
