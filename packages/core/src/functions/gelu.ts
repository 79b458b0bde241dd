/**
 * Gaussian error linear unit: x Φ(x).
 *
 * Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415.
 */
import { add, erf, exp, mul, sigmoid, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { withGradient } from "../gradients/with-gradient.js";

/** Exact: Φ by the error function (ViT, BERT). */
export function gelu<T extends Tensor>(x: T): T {
  return withGradient(
    [x],
    (keep: (...tensors: [T, Tensor]) => void) => {
      const share = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5); // Φ(x)
      keep(x, share);
      return mul<T>(x, share);
    },
    (dy, [x, share]) => {
      const density = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI)); // φ(x)
      return [mul(dy, add(share, mul(x, density)))]; // (x Φ)′ = Φ + x φ
    },
  );
}

const a = 2 * Math.sqrt(2 / Math.PI);
const b = 0.044715;

/** GELU by the tanh of the paper's section 2 (GPT-2's gelu_new): ½ (1 + tanh(u)) is sigmoid(2u), u = √(2/π) (x + 0.044715 x³). */
export function geluTanh<T extends Tensor>(x: T): T {
  return withGradient(
    [x],
    (keep: (...tensors: [T, Tensor]) => void) => {
      const share = sigmoid(mul(x, add(mul(square(x), a * b), a)));
      keep(x, share);
      return mul<T>(x, share);
    },
    (dy, [x, share]) => {
      const slope = mul(add(mul(square(x), 3 * a * b), a), x); // x (2u)′
      return [mul(dy, mul(share, add(mul(sub(1, share), slope), 1)))]; // (x s)′ = s + x s (1 − s) (2u)′
    },
  );
}
