/**
 * Runs kernels on this backend and on TensorFlow.js's CPU backend, whose results are the reference.
 */
import "@tensorflow/tfjs-backend-cpu";
import {
  type DataType,
  engine,
  type NamedTensorMap,
  setBackend,
  type Tensor,
  tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { OnnxBackend } from "../backend.js";
import { useOnnx } from "../use-onnx.js";

export interface Numbers {
  shape: readonly number[];
  /** Uint8Array holds booleans. */
  values: Float32Array | Int32Array | Uint8Array;
}

export interface Call {
  kernel: string;
  /** An optional input may be undefined. Those of a kernel that takes a list are named 0, 1, … */
  inputs: Readonly<Record<string, Numbers | undefined>>;
  attributes: object;
}

/** Reproducible numbers in [−1, 1), no two alike in practice. */
export function numbers(shape: readonly number[], seed = 1): Numbers {
  const size = shape.reduce((product, length) => product * length, 1);
  let state = Math.imul(seed + 1, 0x9e3779b1);
  const values = Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state ^ (state >>> 15)) / 2 ** 31;
  });
  return { shape, values };
}

/** Gives the same as whole numbers in [−9, 9]. */
export function wholeNumbers(shape: readonly number[], seed = 1): Numbers {
  return { shape, values: Int32Array.from(numbers(shape, seed).values, (value) => 9 * value) };
}

/** Inputs of a kernel that takes a list. */
export function list(...inputs: Numbers[]): Call["inputs"] {
  return Object.fromEntries(inputs.entries());
}

/** Reproducible draws from a few values. */
export function drawn(
  shape: readonly number[],
  from: readonly number[],
  seed: number,
  type: "float32" | "int32" | "bool" = "float32",
): Numbers {
  const values = Array.from(numbers(shape, seed).values, (value) => from[Math.floor(((value + 1) / 2) * from.length)]!);
  const array = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[type];
  return { shape, values: array.from(values) };
}

interface Result {
  shape: number[];
  dtype: DataType;
  values: ArrayLike<number>;
}

let onnx: OnnxBackend;

/** This is awaited before the tests of a file. */
export async function startBackends(): Promise<void> {
  onnx = await useOnnx({ threads: 1, spin: false, interpret: false });
}

/** Does the same with kernels or without. */
export async function startBackendsWith(kernels: boolean): Promise<void> {
  onnx = await useOnnx({ threads: 1, spin: false, interpret: false, kernels });
}

/** Runs all calls as one graph. */
export function runOnOnnx(...calls: Call[]): Result[] {
  setBackend("onnx");
  return runCalls(calls);
}

/** Tells whether the call becomes a node of the graph, or runs on the CPU backend's kernel. */
export function isInGraph(call: Call): boolean {
  const count = () => onnx.stats().fallbacks[call.kernel] ?? 0;
  const before = count();
  runOnOnnx(call);
  return count() === before;
}

/** Runs calls on the current backend. */
export function runCalls(calls: readonly Call[]): Result[] {
  return tidy(() => {
    const results = calls.flatMap(({ kernel, inputs, attributes }) => {
      const given = ("0" in inputs ? [] : {}) as NamedTensorMap;
      for (const [name, input] of Object.entries(inputs)) {
        if (input) given[name] = tensor(input.values, [...input.shape], typeOf(input));
      }
      return engine().runKernel<Tensor | Tensor[]>(kernel, given, attributes as never);
    });
    return results.map((result) => ({ shape: result.shape, dtype: result.dtype, values: result.dataSync() }));
  });
}

function typeOf({ values }: Numbers): DataType {
  if (values instanceof Uint8Array) return "bool";
  return values instanceof Int32Array ? "int32" : "float32";
}

/** Expects what the CPU backend computes, within `tolerance` of the larger of 1 and the expected number. */
export function expectSameAsCpu(calls: readonly Call[], tolerance = 1e-5): void {
  const got = runOnOnnx(...calls);
  setBackend("cpu");
  const expected = runCalls(calls);
  const types = (results: Result[]) => results.map(({ shape, dtype }) => `${dtype}[${shape}]`);
  expect(types(got)).toEqual(types(expected));
  got.forEach(({ values }, i) => {
    const reference = expected[i]!.values;
    const apart = firstApart(values, reference, tolerance);
    if (apart === undefined) return;
    throw new Error(
      `result ${i}: element ${apart} must be ${reference[apart]}, got ${values[apart]}, of ${calls.map(describe).join("; ")}`,
    );
  });
}

/** The first element that is too far from its reference. */
function firstApart(values: ArrayLike<number>, reference: ArrayLike<number>, tolerance: number): number | undefined {
  for (let i = 0; i < reference.length; i++) {
    const [a, b] = [values[i]!, reference[i]!];
    const isClose = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
    if (!isClose) return i;
  }
  return undefined;
}

function describe({ kernel, inputs, attributes }: Call): string {
  const shapes = Object.entries(inputs).map(([name, input]) => `${name} [${input?.shape}]`);
  return `${kernel}(${shapes.join(", ")}) with ${JSON.stringify(attributes)}`;
}
