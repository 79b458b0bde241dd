/**
 * Positions told by a wide convolution over states, in place of a table: works at any length.
 *
 * Baevski et al. 2020, https://arxiv.org/abs/2006.11477, section 2; Mohamed et al. 2019, https://arxiv.org/abs/1904.11660. Its weight is
 * normalised for each tap (Salimans and Kingma 2016, https://arxiv.org/abs/1602.07868), in the names of torch.nn.utils.parametrizations.
 */
import {
  convolve1d,
  defineModule,
  filledParameter,
  gelu,
  type Module,
  normalValues,
  parameter,
  type Random,
} from "@autodidact/core";
import { add, div, mul, slice, sqrt, square, sum, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";

/** States [N, F, width] → the same shape, to be added to them. */
export function positionalConvolution(
  width: number,
  { kernelSize, groups, random }: { kernelSize: number; groups: number; random: Random },
): Module<Tensor3D, Tensor3D> {
  const shape = [width, width / groups, kernelSize]; // [O, I/G, k]
  const start = normalValues(2 / Math.sqrt(kernelSize * width))(shape, random);
  const direction = parameter(shape, () => start, random); // v
  const length = parameter([1, 1, kernelSize], () => lengthsOf(start, kernelSize), random); // g: the weight starts as v
  const bias = filledParameter([width], 0);

  function forward(states: Tensor3D): Tensor3D {
    const weight = mul(direction, div(length, lengthOfTaps(direction))) as Tensor3D; // g v / ‖v‖
    const padding = Math.floor(kernelSize / 2);
    const seen = convolve1d(states, weight, groups, { stride: 1, dilation: 1, padding }); // [N, F or F + 1, width]
    const [n, frames] = states.shape;
    const even = kernelSize % 2 === 0 ? slice(seen, [0, 0, 0], [n, frames, width]) : seen; // one frame too many
    return gelu(add(even, bias)) as Tensor3D;
  }

  return defineModule(forward, {
    parameters: {
      "conv.bias": bias,
      "conv.parametrizations.weight.original0": length,
      "conv.parametrizations.weight.original1": direction,
    },
  });
}

function lengthsOf(values: Float32Array, taps: number): Float32Array {
  const squares = new Float64Array(taps);
  for (const [place, value] of values.entries()) squares[place % taps]! += value ** 2;
  return Float32Array.from(squares, Math.sqrt);
}

/** ‖v‖ of each tap, [1, 1, k]. */
function lengthOfTaps(direction: Tensor): Tensor {
  return sqrt(sum(square(direction), [0, 1], true));
}
