/**
 * Rotation about the centre, each image by its own angle: bilinear, the border repeated.
 *
 * Unlike a crop it mixes rows and columns, so the four pixels around each place are gathered.
 */

import type { Random } from "@autodidact/core";
import {
  add,
  cast,
  clipByValue,
  floor,
  gather,
  matMul,
  minimum,
  mul,
  range,
  reshape,
  sub,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor2d,
} from "@tensorflow/tfjs-core";

/** Cosine and sine [N, 2] of angles within ±`degrees`. */
export function drawRotations(n: number, random: Random, degrees: number): Tensor2D {
  const angles = Array.from({ length: n }, () => (random.uniform(-degrees, degrees) * Math.PI) / 180);
  return tensor2d(
    angles.map((angle) => [Math.cos(angle), Math.sin(angle)]),
    [n, 2],
  );
}

/** Planes [N, C, S, S] turned counter-clockwise. */
export function rotate(planes: Tensor4D, rotations: Tensor2D): Tensor4D {
  const [n, channels, size] = planes.shape;
  const area = size * size;
  const { x, y } = sources(rotations, size); // [N, S²] places in the input, in pixels
  const [left, top] = [floor(x), floor(y)];
  const [right, bottom] = [minimum<Tensor2D>(add(left, 1), size - 1), minimum<Tensor2D>(add(top, 1), size - 1)];
  const toRight: Tensor3D = reshape(sub(x, left), [n, 1, area]);
  const toBottom: Tensor3D = reshape(sub(y, top), [n, 1, area]);

  const starts = reshape(range(0, n * channels * area, area, "int32"), [n, channels, 1]); // int32: exact at any batch
  const flat = reshape(planes, [n * channels * area]);
  const pick = (column: Tensor2D, row: Tensor2D) => {
    const place = cast(add(mul(row, size), column), "int32"); // [N, S²]
    return gather(flat, add(starts, reshape(place, [n, 1, area]))) as Tensor3D; // [N, C, S²]
  };
  const above = between(pick(left, top), pick(right, top), toRight);
  const below = between(pick(left, bottom), pick(right, bottom), toRight);
  return reshape(between(above, below, toBottom), planes.shape);
}

/** Where each output pixel comes from, [N, S²] each: its offset from the centre, turned back. */
function sources(rotations: Tensor2D, size: number): { x: Tensor2D; y: Tensor2D } {
  const middle = (size - 1) / 2;
  const right = Array.from({ length: size * size }, (_, place) => (place % size) - middle);
  const up = Array.from({ length: size * size }, (_, place) => middle - Math.floor(place / size));
  const down = up.map((offset) => -offset);
  const turned = (cosines: number[], sines: number[]): Tensor2D => {
    const offsets = matMul(rotations, tensor2d([cosines, sines], [2, size * size]));
    return clipByValue(add<Tensor2D>(offsets, middle), 0, size - 1);
  };
  return { x: turned(right, up), y: turned(down, right) };
}

function between(from: Tensor3D, to: Tensor3D, share: Tensor3D): Tensor3D {
  return add(from, mul(sub(to, from), share));
}
