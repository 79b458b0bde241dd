/**
 * Registers every TensorFlow.js kernel for the backend: lazy operations, kernels that only touch metadata,
 * and the CPU backend's kernel for what ONNX cannot express.
 */
import {
  type BackendValues,
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
  util,
} from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "./backend.js";
import { cpuBackend } from "./cpu-kernels.js";
import type { LazyInput } from "./lazy/tensor-data.js";
import { cast, copy } from "./operations/conversion.js";
import { operations } from "./operations/index.js";
import type { Attributes, Operation } from "./operations/operation.js";

export const BACKEND = "onnx";

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

export function registerKernels(): void {
  const kernels = new Map<string, KernelFunc>();
  for (const { kernelName } of getKernelsForBackend("cpu")) kernels.set(kernelName, fallback(kernelName));
  for (const operation of operations) if (!operation.needsKernels) kernels.set(operation.kernel, lazily(operation));
  for (const [name, kernel] of Object.entries(METADATA_KERNELS)) kernels.set(name, kernel);
  for (const [kernelName, kernelFunc] of kernels) {
    if (!getKernel(kernelName, BACKEND)) registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
  }
}

/** Offers the operations that only our kernels compute, or withdraws them: who finds none composes them. */
export function offerOwnOperations(isOffered: boolean): void {
  for (const operation of operations) {
    const kernelName = operation.kernel;
    if (!operation.needsKernels || isOffered === (getKernel(kernelName, BACKEND) !== undefined)) continue;
    if (isOffered) registerKernel({ kernelName, backendName: BACKEND, kernelFunc: lazily(operation) });
    else unregisterKernel(kernelName, BACKEND);
  }
}

function lazily(operation: Operation): KernelFunc {
  const onCpu = fallback(operation.kernel);
  const { inputs: names, unsupported, check, several = false } = operation;
  return (call) => {
    const backend = call.backend as OnnxBackend;
    const inputs = call.inputs as Inputs;
    const uses = usesOf(backend, names, inputs);
    if (!uses) return onCpu(call);
    const attributes = attributesOf(names, uses.length, inputs, call.attrs as Attributes | undefined);
    if (unsupported?.(uses, attributes)) return onCpu(call);
    check?.(uses, attributes, (i) => knownValues(uses[i]!));
    const results = backend.record(operation, uses, attributes);
    return results.length === 1 && !several ? results[0]! : results;
  };
}

/** Gives the values where no graph has to run and no device has to be asked for them. */
function knownValues({ data: { node, scalar, buffer } }: LazyInput): ArrayLike<number> | undefined {
  if (node) return undefined;
  if (scalar !== undefined) return [scalar];
  return buffer && "elements" in buffer ? (buffer.elements as ArrayLike<number>) : undefined;
}

/** Gives the inputs of the call in the operation's order, and nothing where one is of a type that graphs do not have. */
function usesOf(backend: OnnxBackend, names: Operation["inputs"], inputs: Inputs): LazyInput[] | undefined {
  const given = names === "list" ? Object.keys(inputs) : names;
  const uses: LazyInput[] = [];
  for (let i = 0; i < given.length; i += 1) {
    const input = inputs[given[i]!];
    if (input == null) continue;
    if (input.dtype === "string" || input.dtype === "complex64") return undefined;
    uses.push(backend.useOf(input));
  }
  return uses;
}

/** `absent` names the optional inputs that this call leaves out (a bias, a scale), so that `lower` can tell which are there. */
function attributesOf(
  names: Operation["inputs"],
  given: number,
  inputs: Inputs,
  attributes: Attributes = NO_ATTRIBUTES,
): Attributes {
  if (names === "list" || given === names.length) return attributes;
  return { ...attributes, absent: names.filter((name) => inputs[name] == null) };
}
const NO_ATTRIBUTES: Attributes = {};

/** Reads the inputs, runs TensorFlow.js's CPU kernel and takes its results over; `stats()` counts such calls by kernel. */
function fallback(kernelName: string): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const onnx = backend as unknown as OnnxBackend;
    const { fallbacks } = onnx.lazy.stats;
    fallbacks[kernelName] = (fallbacks[kernelName] ?? 0) + 1;
    const cpu = cpuBackend();
    const taken = new Map<TensorInfo, TensorInfo>();
    const take = (info: TensorInfo): TensorInfo => {
      const known = taken.get(info);
      if (known) return known;
      const moved =
        info.dtype === "complex64"
          ? takeComplex(info)
          : cpu.makeTensorInfo([...info.shape], info.dtype, onnx.readSync(info.dataId) as BackendValues);
      taken.set(info, moved);
      return moved;
    };
    const takeComplex = (info: TensorInfo): TensorInfo => {
      const { real, imag } = onnx.dataOf(info.dataId).complex!;
      const moved = cpu.makeTensorInfo([...info.shape], "complex64");
      cpu.data.get(moved.dataId).complexTensorInfos = { real: take(real), imag: take(imag) };
      return moved;
    };
    const give = (info: TensorInfo): TensorInfo => {
      const complex = cpu.data.get(info.dataId).complexTensorInfos;
      if (complex) return onnx.makeComplex(give(complex.real), give(complex.imag));
      return onnx.makeTensorInfo(cpu.readSync(info.dataId), [...info.shape], info.dtype);
    };
    const takeEach = (input: FallbackInput): unknown => {
      if (input == null) return input;
      if (Array.isArray(input)) return input.map(takeEach);
      // Some CPU kernels ask for a tensor's rank.
      if (!("dataId" in input)) return mapValues(input as Readonly<Record<string, FallbackInput>>, takeEach);
      return Object.assign(take(input as TensorInfo), { rank: (input as TensorInfo).shape.length });
    };
    const moved = takeEach(inputs as FallbackInput);
    const kernel = getKernel(kernelName, "cpu")!;
    const results = kernel.kernelFunc({ inputs: moved as never, attrs, backend: cpu });
    const given = Array.isArray(results) ? results.map(give) : give(results);
    for (const info of [...taken.values(), ...(Array.isArray(results) ? results : [results])])
      cpu.disposeData(info.dataId, true);
    return given;
  };
}

/** A tensor, or tensors in lists and records. */
type FallbackInput = TensorInfo | undefined | readonly FallbackInput[] | { readonly [name: string]: FallbackInput };

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** The same data under another shape. */
const reshaped = (x: TensorInfo, shape: number[], backend: OnnxBackend): TensorInfo => {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape, dtype: x.dtype };
};

const METADATA_KERNELS: Record<string, KernelFunc> = {
  Identity: ({ inputs, backend }) =>
    reshaped(inputs.x as TensorInfo, (inputs.x as TensorInfo).shape, backend as OnnxBackend),

  Reshape: ({ inputs, attrs, backend }) => {
    const x = inputs.x as TensorInfo;
    const size = util.sizeFromShape(x.shape);
    const shape = util.inferFromImplicitShape(attrs!.shape as unknown as number[], size);
    const newSize = util.sizeFromShape(shape);
    util.assert(
      size === newSize,
      () =>
        `The new shape (${shape}) has ${newSize} elements and the old shape (${x.shape}) has ${size} elements. The new shape and old shape must have the same number of elements.`,
    );
    const { complex } = (backend as OnnxBackend).dataOf(x.dataId);
    if (!complex) return reshaped(x, shape, backend as OnnxBackend);
    const [real, imag] = [complex.real, complex.imag].map((part) => reshaped(part, shape, backend as OnnxBackend));
    return (backend as OnnxBackend).makeComplex(real!, imag!);
  },

  ExpandDims: ({ inputs, attrs, backend }) => {
    const x = inputs.input as TensorInfo;
    const dim = attrs!.dim as number;
    const shape = [...x.shape];
    util.assert(
      -(x.shape.length + 1) <= dim && dim <= x.shape.length,
      () => `Axis must be in the interval [${-(x.shape.length + 1)}, ${x.shape.length}]`,
    );
    shape.splice(dim < 0 ? x.shape.length + dim + 1 : dim, 0, 1);
    return reshaped(x, shape, backend as OnnxBackend);
  },

  Complex: ({ inputs, backend }) => {
    const onnx = backend as OnnxBackend;
    const [real, imag] = [inputs.real as TensorInfo, inputs.imag as TensorInfo].map((part) =>
      reshaped(part, part.shape, onnx),
    );
    return onnx.makeComplex(real!, imag!);
  },

  Real: ({ inputs, backend }) => {
    const { real } = (backend as OnnxBackend).dataOf((inputs.input as TensorInfo).dataId).complex!;
    return reshaped(real, real.shape, backend as OnnxBackend);
  },

  Imag: ({ inputs, backend }) => {
    const { imag } = (backend as OnnxBackend).dataOf((inputs.input as TensorInfo).dataId).complex!;
    return reshaped(imag, imag.shape, backend as OnnxBackend);
  },

  /** Makes an int32 tensor of bytes (attributes `values`, `shape`), which memory and graphs keep as bytes; TensorFlow.js has no such kernel. */
  Bytes: ({ attrs, backend }) => {
    const { values, shape } = attrs as unknown as { values: Uint8Array; shape: number[] };
    return (backend as OnnxBackend).makeBytes(values, shape);
  },

  Cast: (call) => {
    const x = call.inputs.x as TensorInfo;
    const dtype = call.attrs!.dtype as unknown as TensorInfo["dtype"];
    const onnx = call.backend as OnnxBackend;
    if (x.dtype === dtype) return reshaped(x, x.shape, onnx);
    if (x.dtype === "string" || dtype === "string") return fallback("Cast")(call);
    const to = (from: TensorInfo, type: TensorInfo["dtype"]) =>
      from.dtype === type
        ? reshaped(from, x.shape, onnx)
        : onnx.record(cast, [onnx.useOf({ ...from, shape: x.shape })], { dtype: type })[0]!;
    if (x.dtype === "complex64") return to(onnx.dataOf(x.dataId).complex!.real, dtype);
    if (dtype !== "complex64") return to(x, dtype);
    return onnx.makeComplex(
      to(x, "float32"),
      onnx.makeTensorInfo(new Float32Array(util.sizeFromShape(x.shape)), x.shape, "float32"),
    );
  },
};

/** A tensor with data of its own, equal to `x`. */
export function copied(backend: OnnxBackend, x: TensorInfo): TensorInfo {
  return backend.record(copy, [backend.useOf(x)], {})[0]!;
}
