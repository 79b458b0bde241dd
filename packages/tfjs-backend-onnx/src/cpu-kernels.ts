/**
 * TensorFlow.js's CPU kernels on the engine's own memory: small graphs are computed by them, node by node, without being compiled.
 */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import {
  type backend_util,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  getKernel,
  type KernelFunc,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { LazyNode, TensorData } from "./lazy/tensor-data.js";
import { type ElementArray, elementArray } from "./onnx/element-type.js";
import type { HostBuffer } from "./runtime/tensor-buffer.js";

/** What TensorFlow.js's CPU backend keeps of a tensor, which is its own id here: nothing has to be looked up or forgotten. */
class Held {
  refCount = 1;
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };

  constructor(
    readonly values: backend_util.BackendValues | undefined,
    readonly dtype: DataType,
  ) {}
}

/** Data under other ids, which kernels make through TensorFlow.js's engine, is kept as it was. */
class HeldData extends DataStorage<Held> {
  override get(dataId: DataId): Held {
    return dataId instanceof Held ? dataId : super.get(dataId);
  }

  override has(dataId: DataId): boolean {
    return dataId instanceof Held || super.has(dataId);
  }

  override delete(dataId: DataId): boolean {
    return dataId instanceof Held || super.delete(dataId);
  }
}

class CpuBackend extends MathBackendCPU {
  constructor() {
    super();
    this.data = new HeldData(this, engine()) as never;
  }

  /** MathBackendCPU's own would advise tfjs-node. */
  override write(values: backend_util.BackendValues, _shape: number[], dtype: DataType): DataId {
    return new Held(values, dtype);
  }
}

let cpu: CpuBackend | undefined;

/** A backend of our own: TensorFlow.js knows nothing of it. */
export function cpuBackend(): MathBackendCPU {
  cpu ??= new CpuBackend();
  return cpu;
}

const known = new Map<string, KernelFunc | undefined>();

/** TensorFlow.js's own look-up makes a text of both names at each call. */
function cpuKernel(name: string): KernelFunc | undefined {
  let kernel = known.get(name);
  if (kernel || known.has(name)) return kernel;
  kernel = getKernel(name, "cpu")?.kernelFunc;
  known.set(name, kernel);
  return kernel;
}

export function hasCpuKernel({ call: { operation }, numbers }: LazyNode): boolean {
  if (numbers && !operation.changing!.give) return operation.changing!.areResult === true;
  return cpuKernel(operation.kernel) !== undefined;
}

/**
 * Computes the nodes in their order and gives the values of `outputs`: they may lie in memory of what was read, and must be copied at
 * once. Throws what a kernel throws.
 */
export function computeByCpuKernels(nodes: readonly LazyNode[], outputs: readonly TensorData[]): ElementArray[] {
  const backend = cpuBackend();
  const valuesOfResult = ({ dataId }: TensorInfo) => backend.data.get(dataId).values as ElementArray;
  if (nodes.length === 1) {
    const results = run(nodes[0]!, NONE_MADE, backend);
    return outputs.map(({ outputIndex }) => valuesOfResult(results[outputIndex]!));
  }
  const made = new Map<TensorData, TensorInfo>();
  for (const node of nodes) {
    const results = run(node, made, backend);
    for (let i = 0; i < results.length; i += 1) made.set(node.outputs[i]!, results[i]!);
  }
  return outputs.map((data) => valuesOfResult(made.get(data)!));
}
const NONE_MADE: ReadonlyMap<TensorData, TensorInfo> = new Map();

function run(
  { call: { operation, attributes }, inputs, numbers, outputs }: LazyNode,
  made: ReadonlyMap<TensorData, TensorInfo>,
  backend: MathBackendCPU,
): readonly TensorInfo[] {
  if (numbers && operation.changing!.areResult) return [infoOf(numbers, outputs[0]!.shape, made)];
  const infos: TensorInfo[] = [];
  const tensors = numbers ? inputs.length - 1 : inputs.length;
  for (let i = 0; i < tensors; i += 1) infos.push(infoOf(inputs[i]!.data, inputs[i]!.shape, made));
  const given = operation.inputs === "list" ? infos : byName(operation.inputs, infos, attributes);
  const attrs = numbers ? operation.changing!.give!(numbers.numbers!, attributes) : attributes;
  const results = cpuKernel(operation.kernel)!({ inputs: given as never, attrs: attrs as never, backend });
  return Array.isArray(results) ? results : [results];
}

/** What a kernel reads is read where it lies. Some kernels ask for a tensor's rank. */
function infoOf(data: TensorData, shape: readonly number[], made: ReadonlyMap<TensorData, TensorInfo>): TensorInfo {
  const info = data.node && made.get(data);
  const dataId = info ? info.dataId : new Held(valuesOf(data) as never, data.type);
  return { dataId, shape: shape as number[], dtype: info ? info.dtype : data.type, rank: shape.length } as TensorInfo;
}

function byName(
  names: readonly string[],
  infos: readonly TensorInfo[],
  { absent }: { readonly absent?: readonly string[] },
): Record<string, TensorInfo> {
  const given: Record<string, TensorInfo> = {};
  let next = 0;
  for (const name of names) if (!absent?.includes(name)) given[name] = infos[next++]!;
  return given;
}

/** The engine's memory itself, unless it holds bytes. */
function valuesOf(data: TensorData): ElementArray {
  if (data.known) return elementArray(data.known, data.type);
  const elements = (data.buffer as HostBuffer).elements;
  return data.stored === data.type ? elements : elementArray(elements as Uint8Array, data.type);
}
