/** `tf.node.decodeImage` and its kin: an image file's bytes to a tensor, while the caller waits. */
import { type Tensor3D, type Tensor4D, tensor3d, tensor4d } from "@tensorflow/tfjs";
import { decodeAndWait } from "./decode-and-wait.js";
import { decodeBmpFile } from "./decode-bmp.js";
import { decodeJpegFile } from "./decode-jpeg.js";
import { decodePngFile } from "./decode-png.js";
import { assertBytes, assertFormat, beginning, imageFormatOf } from "./image-format.js";
import { inChannels, type Raster } from "./raster.js";

const JPEG = {
  ratio: 1,
  fancyUpscaling: true,
  tryRecoverTruncated: false,
  acceptableFraction: 1,
  dctMethod: "",
};

/** [height, width, channels], int32. `channels` 0 is as many as the file has, 1 gray, 3 RGB; each block of `ratio` × `ratio` pixels becomes one. */
export function decodeJpeg(
  contents: Uint8Array,
  channels = 0,
  ratio = JPEG.ratio,
  fancyUpscaling = JPEG.fancyUpscaling,
  tryRecoverTruncated = JPEG.tryRecoverTruncated,
  acceptableFraction = JPEG.acceptableFraction,
  dctMethod = JPEG.dctMethod,
): Tensor3D {
  assertFormat("decodeJpeg", contents, "jpeg");
  const options = { channels, ratio, fancyUpscaling, tryRecoverTruncated, acceptableFraction, dctMethod };
  return asTensor(decodeJpegFile("decodeJpeg", contents, options));
}

/** [height, width, channels], int32. `channels` 0 is as many as the file has (with alpha 2 or 4), 1 gray, 3 RGB, 4 RGBA. */
export function decodePng(contents: Uint8Array, channels = 0, dtype = "int32"): Tensor3D {
  assertInt32("decodePng", dtype);
  assertFormat("decodePng", contents, "png");
  return asTensor(decodePngFile("decodePng", contents, channels));
}

/** [height, width, channels], int32. `channels` 0 is as many as the file has, 3 RGB, 4 RGBA. */
export function decodeBmp(contents: Uint8Array, channels = 0): Tensor3D {
  assertFormat("decodeBmp", contents, "bmp");
  return asTensor(decodeBmpFile("decodeBmp", contents, channels));
}

/** [frames, height, width, 3], int32: each frame as it is shown, black where nothing is. */
export function decodeGif(contents: Uint8Array): Tensor4D {
  return gifTensor("decodeGif", contents, true);
}

/**
 * BMP, GIF, JPEG or PNG, whichever it is: [height, width, channels], of GIF [frames, height, width, 3] or, without `expandAnimations`, its
 * first frame [height, width, 3]; int32.
 */
export function decodeImage(
  content: Uint8Array,
  channels = 0,
  dtype = "int32",
  expandAnimations = true,
): Tensor3D | Tensor4D {
  assertInt32("decodeImage", dtype);
  assertBytes("decodeImage", content);
  switch (imageFormatOf(content)) {
    case "jpeg":
      return asTensor(decodeJpegFile("decodeImage", content, { ...JPEG, channels }));
    case "png":
      return asTensor(decodePngFile("decodeImage", content, channels));
    case "bmp":
      return asTensor(decodeBmpFile("decodeImage", content, channels));
    case "gif":
      return gifTensor("decodeImage", content, expandAnimations);
    default:
      throw new Error(
        `tf.node.decodeImage: Expected image (BMP, JPEG, PNG, or GIF), but got unsupported image type: ${beginning(content)}. ` +
          "Give the bytes of a whole file, or convert it first.",
      );
  }
}

function gifTensor(name: string, contents: Uint8Array, isAnimated: true): Tensor4D;
function gifTensor(name: string, contents: Uint8Array, isAnimated: boolean): Tensor3D | Tensor4D;
function gifTensor(name: string, contents: Uint8Array, isAnimated: boolean): Tensor3D | Tensor4D {
  assertFormat(name, contents, "gif");
  const decoded = decodeAndWait(name, { contents, colours: "raw", isAnimated });
  const shown = inChannels(decoded, 3);
  if (!isAnimated) return asTensor(shown);
  const { frames } = decoded;
  return tensor4d(shown.pixels, [frames, shown.height / frames, shown.width, 3], "int32");
}

function asTensor({ pixels, height, width, channels }: Raster): Tensor3D {
  return tensor3d(pixels, [height, width, channels], "int32");
}

function assertInt32(name: string, dtype: string): void {
  if (dtype === "int32") return;
  throw new Error(
    `tf.node.${name}: dtype must be "int32", the only type of decoded images, got ${JSON.stringify(dtype)}.`,
  );
}
