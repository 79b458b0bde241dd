/**
 * Some rows of each sample: the patches that a mask leaves, the frames that it hides.
 */
import { add, gather, range, reshape, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";

/** Rows of [N, T, D] at int32 [N, K] of each sample: [N, K, D]. */
export function rowsAt(rows: Tensor3D, places: Tensor2D): Tensor3D {
  const [n, count, size] = rows.shape;
  const starts = reshape(range(0, n * count, count, "int32"), [n, 1]);
  return gather(reshape(rows, [n * count, size]), add(places, starts) as Tensor2D) as Tensor as Tensor3D; // by one list of places its gradient is one sum by segments
}
