/** Kernels that move elements and compute nothing. */
import { normalAxis, sameShape, sizeOf } from "../onnx/shape.js";
import { copyBlock, offsetOf, stridesOf } from "./block.js";
import { type HostKernel, type HostTensor, type Numbers, zerosLike } from "./host-kernel.js";

/** The elements as they stand in the larger shape; those of an equal shape are the same array. */
export function broadcast({ values, shape }: HostTensor, to: readonly number[]): Numbers {
  const size = sizeOf(to);
  if (values.length === size) return values;
  const result = zerosLike(values, size);
  if (values.length === 1) return result.fill(values[0]!);
  const own = stridesOf(shape);
  const added = to.length - shape.length;
  const strides = to.map((_, axis) => (axis < added || shape[axis - added] === 1 ? 0 : own[axis - added]!));
  copyBlock(to, { values, strides }, { values: result, strides: stridesOf(to) });
  return result;
}

/** Elements in another order of the axes. */
export function transposed({ values, shape }: HostTensor, perm: readonly number[]): Numbers {
  const own = stridesOf(shape);
  const to = perm.map((axis) => shape[axis]!);
  const strides = perm.map((axis) => own[axis]!);
  const result = zerosLike(values, values.length);
  copyBlock(to, { values, strides }, { values: result, strides: stridesOf(to) });
  return result;
}

const transpose: HostKernel = ([x], { perm }) => [transposed(x!, perm as number[])];

/** A part of this shape that begins at these places. */
function part({ values, shape }: HostTensor, begin: readonly number[], size: readonly number[]): Numbers {
  const strides = stridesOf(shape);
  const offset = offsetOf(strides, begin);
  const length = sizeOf(size);
  if (isOneStretch(shape, size)) return values.subarray(offset, offset + length);
  const result = zerosLike(values, length);
  copyBlock(size, { values, strides, offset }, { values: result, strides: stridesOf(size) });
  return result;
}

/** Tells whether such a part lies in one stretch: behind the first axis that is longer than one all axes are whole. */
function isOneStretch(shape: readonly number[], size: readonly number[]): boolean {
  let axis = 0;
  while (axis < size.length && size[axis] === 1) axis += 1;
  for (axis += 1; axis < size.length; axis += 1) if (size[axis] !== shape[axis]) return false;
  return true;
}

const slice: HostKernel = ([x], { begin }, [result]) => {
  const { shape } = result!;
  if (sameShape(x!.shape, shape)) return [x!.values];
  const isPlace = Array.isArray(begin) && begin.length === shape.length;
  return isPlace ? [part(x!, begin as number[], shape)] : undefined;
};

/** Consecutive pieces of an axis. */
const splitV: HostKernel = ([x], { axis }, results) => {
  const along = normalAxis(axis as number, x!.shape.length);
  let from = 0;
  return results.map(({ shape }) => {
    const begin = shape.map((_, i) => (i === along ? from : 0));
    from += shape[along]!;
    return part(x!, begin, shape);
  });
};

const unpack: HostKernel = ([x], { axis }, results) => {
  const along = normalAxis(axis as number, x!.shape.length);
  const size = x!.shape.map((length, i) => (i === along ? 1 : length));
  return results.map((_, piece) => part(x!, size.map((_, i) => (i === along ? piece : 0)), size)); // biome-ignore format: a call
};

const pad: HostKernel = ([x], { paddings, constantValue }, [result]) => {
  const { values, shape } = x!;
  const strides = stridesOf(result!.shape);
  const padded = zerosLike(values, sizeOf(result!.shape)).fill(Number(constantValue));
  const offset = offsetOf(strides, (paddings as number[][]).map(([before]) => before!)); // biome-ignore format: a call
  copyBlock(shape, { values, strides: stridesOf(shape) }, { values: padded, strides, offset });
  return [padded];
};

export const moving = { Transpose: transpose, Slice: slice, SplitV: splitV, Unpack: unpack, PadV2: pad };
