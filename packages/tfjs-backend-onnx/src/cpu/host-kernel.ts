/**
 * Kernels of our own on JavaScript's arrays, where TensorFlow.js's CPU kernels look up each element's place in the tensor: that takes a hundred
 * times as long as what is done with it. They compute the same in the same order, to the last bit.
 */
import type { DataType } from "@tensorflow/tfjs-core";
import type { Attributes } from "../operations/operation.js";

export type Numbers = Float32Array | Int32Array | Uint8Array;

export interface HostTensor {
  readonly values: Numbers;
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/**
 * Gives the values of the results, whose shapes are known; they may lie in memory of the inputs. Gives nothing for a call that is left to
 * TensorFlow.js's kernel.
 */
export type HostKernel = (
  inputs: readonly HostTensor[],
  attributes: Attributes,
  results: readonly { readonly shape: readonly number[] }[],
) => readonly Numbers[] | undefined;

export interface FloatTensor extends HostTensor {
  readonly values: Float32Array;
}

export function isFloat(x: HostTensor): x is FloatTensor {
  return x.dtype === "float32" && x.values instanceof Float32Array;
}

/** An array like this one, of zeros. */
export function zerosLike(values: Numbers, size: number): Numbers {
  if (values instanceof Float32Array) return new Float32Array(size);
  return values instanceof Int32Array ? new Int32Array(size) : new Uint8Array(size);
}
