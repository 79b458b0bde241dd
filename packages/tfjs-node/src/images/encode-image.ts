/** `tf.node.encodeJpeg` and `tf.node.encodePng`: a tensor to an image file's bytes, by sharp. */
import type { Tensor3D } from "@tensorflow/tfjs";
import type { Sharp } from "sharp";
import { withDensity } from "./jfif-density.js";

/**
 * `image` is [height, width, 1 or 3] with values from 0 to 255. `format` is "grayscale" or "rgb", "" as the channels say. `quality` is from 0
 * to 100; densities are in pixels an inch ("in") or centimetre ("cm").
 */
export async function encodeJpeg(
  image: Tensor3D,
  format: "" | "grayscale" | "rgb" = "",
  quality = 95,
  progressive = false,
  optimizeSize = false,
  chromaDownsampling = true,
  densityUnit: "in" | "cm" = "in",
  xDensity = 300,
  yDensity = 300,
  xmpMetadata = "",
): Promise<Uint8Array> {
  const channels = { "": [1, 3], grayscale: [1], rgb: [3] }[format];
  if (channels === undefined)
    throw new Error(`tf.node.encodeJpeg: format must be "", "grayscale" or "rgb", got ${JSON.stringify(format)}.`);
  if (!Number.isInteger(quality) || quality < 0 || quality > 100)
    throw new Error(`tf.node.encodeJpeg: quality must be a whole number from 0 to 100, got ${quality}.`);
  if (densityUnit !== "in" && densityUnit !== "cm")
    throw new Error(`tf.node.encodeJpeg: densityUnit must be "in" or "cm", got ${JSON.stringify(densityUnit)}.`);
  const pixels = await sharpOf("encodeJpeg", image, channels);
  const chromaSubsampling = chromaDownsampling ? "4:2:0" : "4:4:4";
  const written = (xmpMetadata === "" ? pixels : pixels.withXmp(xmpMetadata)).jpeg({
    quality: Math.max(quality, 1), // libjpeg takes 0 for 1
    progressive,
    optimiseCoding: optimizeSize,
    chromaSubsampling,
  });
  return withDensity(new Uint8Array(await written.toBuffer()), { unit: densityUnit, x: xDensity, y: yDensity });
}

/** `image` is [height, width, 1 to 4] with values from 0 to 255; `compression` is from 0 (fast) to 9 (small), −1 is zlib's own choice. */
export async function encodePng(image: Tensor3D, compression = 1): Promise<Uint8Array> {
  if (!Number.isInteger(compression) || compression < -1 || compression > 9)
    throw new Error(`tf.node.encodePng: compression must be a whole number from -1 to 9, got ${compression}.`);
  const pixels = await sharpOf("encodePng", image, [1, 2, 3, 4]);
  const png = pixels.png({ compressionLevel: compression === -1 ? 6 : compression, adaptiveFiltering: true });
  return new Uint8Array(await png.toBuffer());
}

/** Values beyond a byte wrap around, as in tfjs-node. */
async function sharpOf(name: string, image: Tensor3D, allowed: readonly number[]): Promise<Sharp> {
  const [height = 0, width = 0, channels = 0] = image.shape;
  if (image.shape.length !== 3 || !allowed.includes(channels) || image.size === 0)
    throw new Error(
      `tf.node.${name}: image must be a tensor [height, width, channels] with ${allowed.join(" or ")} channels, got [${image.shape}].`,
    );
  const { default: sharp } = await import("sharp"); // programs without images start without it
  const bytes = new Uint8Array(await image.data());
  const made = sharp(bytes, { raw: { height, width, channels: channels as 1 | 2 | 3 | 4 }, limitInputPixels: false });
  return channels < 3 ? made.toColourspace("b-w") : made;
}
