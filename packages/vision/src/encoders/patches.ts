/**
 * Images cut into square patches, row by row, and put together again.
 */
import { reshape, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";

/** [N, S, S, C] → [N, T, P·P·C], T = (S / P)². A patch's numbers lie as an image's: row, column, channel. */
export function patchify(images: Tensor4D, patchSize: number): Tensor3D {
  const [n, height, width, channels] = images.shape;
  if (height % patchSize !== 0 || width % patchSize !== 0) {
    throw new Error(`patchify: the patch size must divide the image's sides, got ${patchSize} for ${height}×${width}.`);
  }
  const [rows, columns] = [height / patchSize, width / patchSize];
  const apart = reshape(images, [n, rows, patchSize, columns, patchSize * channels]);
  return reshape(transpose(apart, [0, 1, 3, 2, 4]), [n, rows * columns, patchSize * patchSize * channels]);
}

/** The reverse, of square images. */
export function unpatchify(patches: Tensor3D, patchSize: number, channels: number): Tensor4D {
  const [n, count] = patches.shape;
  const rows = Math.sqrt(count);
  const apart = reshape(patches, [n, rows, rows, patchSize, patchSize * channels]);
  return reshape(transpose(apart, [0, 1, 3, 2, 4]), [n, rows * patchSize, rows * patchSize, channels]);
}
