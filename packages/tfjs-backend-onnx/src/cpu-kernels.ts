/**
 * TensorFlow.js's CPU kernels on the engine's own memory: small graphs are computed by them, node by node, without being compiled.
 */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { getKernel, type KernelFunc, type TensorInfo } from "@tensorflow/tfjs-core";
import type { LazyNode, TensorData } from "./lazy/tensor-data.js";
import { type ElementArray, elementArray } from "./onnx/element-type.js";
import type { HostBuffer } from "./runtime/tensor-buffer.js";

let cpu: MathBackendCPU | undefined;

/** A backend of our own: TensorFlow.js knows nothing of it. */
export function cpuBackend(): MathBackendCPU {
  if (!cpu) {
    cpu = new MathBackendCPU();
    (cpu as unknown as { firstUse: boolean }).firstUse = false; // it would advise tfjs-node
  }
  return cpu;
}

const known = new Map<string, KernelFunc | undefined>();

/** TensorFlow.js's own look-up makes a text of both names at each call. */
function cpuKernel(name: string): KernelFunc | undefined {
  if (!known.has(name)) known.set(name, getKernel(name, "cpu")?.kernelFunc);
  return known.get(name);
}

export function hasCpuKernel({ call }: LazyNode): boolean {
  return cpuKernel(call.operation.kernel) !== undefined;
}

/**
 * Computes the nodes in their order and hands over the values of `outputs`, valid while `take` runs. What nodes read is read where it
 * lies. Throws what a kernel throws.
 */
export function computeByCpuKernels(
  nodes: readonly LazyNode[],
  outputs: readonly TensorData[],
  take: (values: readonly ElementArray[]) => void,
): void {
  const backend = cpuBackend();
  const infos = new Map<TensorData, TensorInfo>();
  const made: object[] = [];
  const infoOf = (data: TensorData, shape: readonly number[]): TensorInfo => {
    let info = infos.get(data);
    if (!info) {
      info = backend.makeTensorInfo(data.shape, data.type, valuesOf(data) as never);
      infos.set(data, info);
      made.push(info.dataId);
    }
    // Some kernels ask for a tensor's rank.
    return { dataId: info.dataId, shape: shape as number[], dtype: info.dtype, rank: shape.length } as TensorInfo;
  };
  try {
    for (const node of nodes) {
      const results = run(node, infoOf, backend);
      for (let i = 0; i < results.length; i += 1) {
        infos.set(node.outputs[i]!, results[i]!);
        made.push(results[i]!.dataId);
      }
    }
    take(outputs.map((data) => backend.data.get(infos.get(data)!.dataId).values as ElementArray));
  } finally {
    for (const dataId of made) backend.disposeData(dataId, true);
  }
}

function run(
  { call, inputs, numbers }: LazyNode,
  infoOf: (data: TensorData, shape: readonly number[]) => TensorInfo,
  backend: MathBackendCPU,
): readonly TensorInfo[] {
  const { operation, attributes } = call;
  const uses = numbers ? inputs.slice(0, -1) : inputs;
  const infos = uses.map(({ data, shape }) => infoOf(data, shape));
  const given = operation.inputs === "list" ? infos : byName(operation.inputs, infos, attributes);
  const attrs = numbers ? operation.changing!.give(numbers.numbers!, attributes) : attributes;
  const results = cpuKernel(operation.kernel)!({ inputs: given as never, attrs: attrs as never, backend });
  return Array.isArray(results) ? results : [results];
}

function byName(
  names: readonly string[],
  infos: readonly TensorInfo[],
  { absent = [] }: { readonly absent?: readonly string[] },
): Record<string, TensorInfo> {
  const given: Record<string, TensorInfo> = {};
  let next = 0;
  for (const name of names) if (!absent.includes(name)) given[name] = infos[next++]!;
  return given;
}

/** The engine's memory itself, unless it holds bytes. */
function valuesOf(data: TensorData): ElementArray {
  if (data.known) return elementArray(data.known, data.type);
  const elements = (data.buffer as HostBuffer).elements;
  return data.stored === data.type ? elements : elementArray(elements as Uint8Array, data.type);
}
