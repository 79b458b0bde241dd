/**
 * TensorFlow.js's CPU kernels on the engine's own memory: graphs are computed by them, node by node, without being compiled. Where those are
 * slow for no reason, kernels of our own take their place (cpu/).
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
import { withoutBroadcasting } from "./cpu/arithmetic.js";
import type { HostTensor, Numbers } from "./cpu/host-kernel.js";
import { HOST_KERNELS } from "./cpu/host-kernels.js";
import type { GraphType, LazyNode, TensorData } from "./lazy/tensor-data.js";
import { elementArray } from "./onnx/element-type.js";
import type { Attributes, Operation } from "./operations/operation.js";
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
  return HOST_KERNELS.has(operation.kernel) || cpuKernel(operation.kernel) !== undefined;
}

/** A result's values, and their type as its kernel tells it. */
type Made = Pick<HostTensor, "values" | "dtype">;

/** Above so many nodes memory is given back as soon as nobody reads it any more. */
const FEW = 64;

/**
 * Computes the nodes in their order and gives the values of `outputs`: they may lie in memory of what was read, and must be copied at
 * once. Throws what a kernel throws.
 */
export function computeByCpuKernels(nodes: readonly LazyNode[], outputs: readonly TensorData[]): Numbers[] {
  if (nodes.length === 1) {
    const results = run(nodes[0]!, NONE_MADE);
    return outputs.map(({ outputIndex }) => results[outputIndex]!.values);
  }
  const made = new Map<TensorData, Made>();
  const lastReader = nodes.length > FEW ? lastReaders(nodes, outputs) : undefined;
  for (const node of nodes) {
    const results = run(node, made);
    for (let i = 0; i < results.length; i += 1) made.set(node.outputs[i]!, results[i]!);
    if (lastReader) for (const { data } of node.inputs) if (lastReader.get(data) === node) made.delete(data);
  }
  return outputs.map((data) => made.get(data)!.values);
}
const NONE_MADE: ReadonlyMap<TensorData, Made> = new Map();

/** Who reads each of these nodes' results last, but for those that somebody wants. */
function lastReaders(nodes: readonly LazyNode[], wanted: readonly TensorData[]): Map<TensorData, LazyNode> {
  const last = new Map<TensorData, LazyNode>();
  for (const node of nodes) for (const { data } of node.inputs) last.set(data, node);
  for (const data of wanted) last.delete(data);
  return last;
}

function run(
  { call: { operation, attributes }, inputs, numbers, outputs }: LazyNode,
  made: ReadonlyMap<TensorData, Made>,
): readonly Made[] {
  if (numbers && operation.changing!.areResult) return [{ values: valuesOf(numbers), dtype: numbers.type }];
  const tensors: HostTensor[] = [];
  const count = numbers ? inputs.length - 1 : inputs.length;
  for (let i = 0; i < count; i += 1) {
    const { data, shape } = inputs[i]!;
    const known = data.node && made.get(data);
    tensors.push({ values: known ? known.values : valuesOf(data), shape, dtype: known ? known.dtype : data.type });
  }
  const attrs = numbers ? operation.changing!.give!(numbers.numbers!, attributes) : attributes;
  const results = HOST_KERNELS.get(operation.kernel)?.(tensors, attrs, outputs);
  if (!results) return runTensorflow(operation, tensors, attrs);
  return results.map((values, i) => ({ values, dtype: outputs[i]!.dtype }));
}

function runTensorflow(
  { kernel, inputs: names }: Operation,
  tensors: readonly HostTensor[],
  attributes: Attributes,
): readonly Made[] {
  const backend = cpuBackend();
  const infos = withoutBroadcasting(kernel, tensors).map(infoOf);
  const given = names === "list" ? infos : byName(names, infos, attributes);
  const results = cpuKernel(kernel)!({ inputs: given as never, attrs: attributes as never, backend });
  const list = Array.isArray(results) ? results : [results];
  return list.map(({ dataId, dtype }) => ({ values: typed(backend.data.get(dataId).values as Numbers, dtype), dtype }));
}

/** Some kernels give a list of numbers. */
function typed(values: Numbers | number[], dtype: DataType): Numbers {
  return ArrayBuffer.isView(values) ? values : (elementArray(values, dtype as GraphType) as Numbers);
}

/** Some kernels ask for a tensor's rank. */
function infoOf({ values, shape, dtype }: HostTensor): TensorInfo {
  return {
    dataId: new Held(values as never, dtype),
    shape: shape as number[],
    dtype,
    rank: shape.length,
  } as TensorInfo;
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
function valuesOf(data: TensorData): Numbers {
  if (data.known) return elementArray(data.known, data.type) as Numbers;
  const elements = (data.buffer as HostBuffer).elements as Numbers;
  return data.stored === data.type ? elements : (elementArray(elements, data.type) as Numbers);
}
