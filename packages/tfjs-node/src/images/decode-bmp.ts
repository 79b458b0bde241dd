/**
 * BMP as TensorFlow decodes it (tensorflow/core/kernels/image/decode_image_op.cc): uncompressed, of 8 (gray), 24 (BGR) or 32 bits (BGRA) a
 * pixel; libvips as sharp brings it reads none.
 */
import { inChannels, type Raster } from "./raster.js";

/** Of the file header and the first fields of the information header, in bytes. */
const HEADER = 54;

export function decodeBmpFile(name: string, contents: Uint8Array, channels: number): Raster {
  const refuse = (what: string) => {
    throw new Error(`tf.node.${name}: ${what}. Write the image as PNG, which tf.node.decodePng reads.`);
  };
  if (contents.length < HEADER) refuse(`the BMP must have at least ${HEADER} bytes, got ${contents.length}`);
  const view = new DataView(contents.buffer, contents.byteOffset, contents.length);
  const [begin, width, rows] = [view.getUint32(10, true), view.getInt32(18, true), view.getInt32(22, true)];
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)];
  const stored = bits / 8;
  const height = Math.abs(rows);
  if (![1, 3, 4].includes(stored)) refuse(`the BMP must have 8, 24 or 32 bits a pixel, got ${bits}`);
  if (compression !== 0 && compression !== 3) refuse(`the BMP must not be compressed, got compression ${compression}`);
  if (![0, stored, 3, 4].includes(channels))
    refuse(`channels must be 0 (as in the file, here ${stored}), 3 (RGB) or 4 (RGBA) for BMP, got ${channels}`);
  const pitch = 4 * Math.ceil((width * bits) / 32); // rows begin at multiples of four bytes
  if (width <= 0 || height === 0 || begin < HEADER || contents.length < begin + pitch * (height - 1) + width * stored)
    refuse(`the BMP must hold ${height} rows of ${width} pixels from byte ${begin} on, got ${contents.length} bytes`);

  const pixels = new Uint8Array(height * width * stored);
  for (let y = 0; y < height; y += 1) {
    const row = begin + pitch * (rows < 0 ? y : height - 1 - y); // the lowest row is first, unless the height is below zero
    const to = y * width * stored;
    pixels.set(contents.subarray(row, row + width * stored), to);
    if (stored >= 3) swapBlueAndRed(pixels.subarray(to, to + width * stored), stored);
  }
  return inChannels({ height, width, channels: stored, pixels }, channels);
}

function swapBlueAndRed(row: Uint8Array, channels: number): void {
  for (let at = 0; at < row.length; at += channels) {
    const blue = row[at]!;
    row[at] = row[at + 2]!;
    row[at + 2] = blue;
  }
}
