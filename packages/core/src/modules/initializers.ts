/**
 * The values a parameter starts from, as torch.nn.init names and computes them.
 *
 * Glorot and Bengio 2010 (Xavier); He et al. 2015, https://arxiv.org/abs/1502.01852 (Kaiming).
 */
import type { Random } from "../random.js";

/** Values in row-major order for a tensor of `shape`. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

export const zeroValues: Initializer = (shape) => new Float32Array(sizeOf(shape));

export const oneValues: Initializer = (shape) => new Float32Array(sizeOf(shape)).fill(1);

export function normalValues(standardDeviation: number): Initializer {
  return (shape, random) => random.normals(sizeOf(shape), 0, standardDeviation);
}

/** Values between −bound and bound. */
export function uniformValues(bound: number): Initializer {
  return (shape, random) => random.uniforms(sizeOf(shape), -bound, bound);
}

/** U(±1/√fanIn): what torch.nn.Linear and Conv2d start from (kaiming_uniform_ with a = √5). */
export const kaimingUniform: Initializer = (shape, random) =>
  uniformValues(1 / Math.sqrt(fans(shape).fanIn))(shape, random);

/** N(0, 2/fanOut): torchvision's ResNets (kaiming_normal_, mode fan_out, relu). */
export const kaimingNormalFanOut: Initializer = (shape, random) =>
  normalValues(Math.sqrt(2 / fans(shape).fanOut))(shape, random);

/** U(±√(6/(fanIn + fanOut))): torch.nn.MultiheadAttention's projection, MAE's linear layers. */
export const xavierUniform: Initializer = (shape, random) => {
  const { fanIn, fanOut } = fans(shape);
  return uniformValues(Math.sqrt(6 / (fanIn + fanOut)))(shape, random);
};

/** Weights are [out, in, …]; what follows is the receptive field. */
function fans([out = 1, input = 1, ...field]: readonly number[]): { fanIn: number; fanOut: number } {
  const area = sizeOf(field);
  return { fanIn: input * area, fanOut: out * area };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
