/**
 * Rows of length one: x / ‖x‖.
 */
import { div, maximum, mul, sqrt, square, sub, sum, type Tensor } from "@tensorflow/tfjs-core";
import { withGradient } from "../gradients/with-gradient.js";

/** Normalizes the last axis as torch.nn.functional.normalize: ‖x‖ counts as at least 1e-12, so a row of zeros stays and has a finite gradient. */
export function l2Normalize<T extends Tensor>(x: T): T {
  return withGradient(
    [x],
    (keep: (...tensors: [T, Tensor]) => void) => {
      const length = maximum(sqrt(sum(square(x), -1, true)), 1e-12); // [..., 1]
      const y = div<T>(x, length);
      keep(y, length);
      return y;
    },
    (dy, [y, length]) => [div(sub(dy, mul(y, sum(mul(dy, y), -1, true))), length)], // what lies along y changes nothing
  );
}
