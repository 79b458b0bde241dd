/**
 * Maps to another size, bilinear with half-pixel centres, as torch.nn.functional.interpolate(align_corners=False) enlarges.
 *
 * Two products with constant weights, whose gradients every backend has: TensorFlow.js's own of `resizeBilinear` passes over half-pixel centres.
 */
import { matMul, reshape, type Tensor2D, type Tensor4D, tensor2d, transpose } from "@tensorflow/tfjs-core";

/** [N, h, w, C] → [N, height, width, C], no smaller than it was. */
export function enlargeMap(map: Tensor4D, height: number, width: number): Tensor4D {
  const [n, rows, columns, channels] = map.shape;
  if (rows === height && columns === width) return map;
  const byRow = reshape(transpose(map, [1, 0, 2, 3]), [rows, n * columns * channels]);
  const tall = reshape(matMul(weightsOf(rows, height), byRow), [height, n, columns, channels]);
  const byColumn = reshape(transpose(tall, [2, 1, 0, 3]), [columns, n * height * channels]);
  const wide = reshape(matMul(weightsOf(columns, width), byColumn), [width, n, height, channels]);
  return transpose<Tensor4D>(wide as Tensor4D, [1, 2, 0, 3]);
}

/** How much of each input place goes into each output place, [output, input]; the border is repeated. */
function weightsOf(input: number, output: number): Tensor2D {
  const weights = new Float32Array(output * input);
  for (let to = 0; to < output; to += 1) {
    const place = Math.min(Math.max(((to + 0.5) * input) / output - 0.5, 0), input - 1);
    const below = Math.floor(place);
    weights[to * input + below]! += 1 - (place - below);
    if (below + 1 < input) weights[to * input + below + 1]! += place - below;
  }
  return tensor2d(weights, [output, input]);
}
