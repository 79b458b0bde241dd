/**
 * Noise under recordings, as loud as a ratio to them asks.
 *
 * The definition is that of `torchaudio.functional.add_noise`: x + a·n with a = √(‖x‖² / ‖n‖² · 10^(−SNR / 10)).
 */
import { add, div, mul, pow, sqrt, square, sum, type Tensor2D } from "@tensorflow/tfjs-core";

/** So faint a noise (‖n‖²) is silence: it stays silence at any ratio. */
const silence = 1e-12;

/** `waves` and `noise` [N, T]; `snr` [N, 1] in dB. Silent waves stay silent. */
export function addNoise(waves: Tensor2D, noise: Tensor2D, snr: Tensor2D): Tensor2D {
  const ratio = div(energy(waves), add(energy(noise), silence)); // [N, 1]
  const scale = sqrt(mul(ratio, pow(10, mul(snr, -0.1))));
  return add(waves, mul(noise, scale));
}

/** ‖x‖² of each row, [N, 1]. */
export function energy(waves: Tensor2D): Tensor2D {
  return sum(square(waves), 1, true);
}
