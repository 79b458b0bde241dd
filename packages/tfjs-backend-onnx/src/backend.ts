/**
 * The TensorFlow.js backend "onnx": keeps tensors' data for TensorFlow.js, computes through the lazy engine.
 */
import type { NoKernels } from "@autodidact/kernels";
import {
  type BackendTimingInfo,
  type backend_util as BackendUtil,
  backend_util,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { LazyEngine } from "./lazy/engine.js";
import { TensorData } from "./lazy/tensor-data.js";
import { type ElementArray, elementArray } from "./onnx/element-type.js";
import { sizeOf } from "./onnx/shape.js";
import type { Operation } from "./operations/operation.js";
import type { KernelsInUse } from "./runtime/kernels-in-use.js";
import type { Stats } from "./stats.js";

type BackendValues = BackendUtil.BackendValues;

/** A step that cannot be compiled because it needs values while it is traced. */
export class UntraceableStepError extends Error {
  override name = "UntraceableStepError";

  constructor() {
    super(
      "compile: a step must not read the values of its inputs, its variables or what it computes, neither by dataSync, data or " +
        "arraySync nor through a kernel that runs on the CPU backend because ONNX cannot express it (see stats().fallbacks). " +
        "Return the tensor and read it after the step, or run the step without compile.",
    );
  }
}

export class OnnxBackend extends KernelBackend {
  private readonly data = new DataStorage<TensorData>(this, engine());
  private changing?: { has(data: TensorData): boolean };

  constructor(
    readonly lazy: LazyEngine,
    /** The kernels that graphs use, or why there are none. */
    readonly kernels: KernelsInUse | NoKernels,
  ) {
    super();
  }

  /** Evaluates everything pending: a training loop that reads no loss calls it once a step. */
  flush(): void {
    this.lazy.flush();
  }

  /** Runs `body` without evaluating anything; reading what it computes, or the data that is `changing`, throws. */
  whileTracing<T>(changing: { has(data: TensorData): boolean }, body: () => T): T {
    this.changing = changing;
    this.lazy.isTracing = true;
    try {
      return body();
    } finally {
      this.changing = undefined;
      this.lazy.isTracing = false;
    }
  }

  stats(): Stats {
    const { stats, pool } = this.lazy;
    return { ...structuredClone(stats), bytes: { lent: pool.lentBytes, idle: pool.idleBytes } };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    return this.store(this.dataFrom(values, shape, dtype));
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    const data = this.dataFrom(values, shape, dtype);
    data.refCount = refCount;
    this.data.set(dataId, data);
  }

  override readSync(dataId: DataId): BackendValues {
    const data = this.data.get(dataId);
    if (data.dtype === "string") return data.strings!;
    if (data.complex) {
      const [real, imag] = [data.complex.real, data.complex.imag].map(
        (part) => this.readSync(part.dataId) as Float32Array,
      );
      return backend_util.mergeRealAndImagArrays(real!, imag!);
    }
    if (this.changing && (data.node || this.changing.has(data))) throw new UntraceableStepError();
    if (data.node) this.lazy.flush();
    if (data.scalar !== undefined) return elementArray([data.scalar], data.type) as Float32Array;
    return data.buffer!.read() as Float32Array;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).refCount += 1;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId);
    data.refCount -= 1;
    if (!force && data.refCount > 0) return false;
    if (data.complex) for (const part of [data.complex.real, data.complex.imag]) this.disposeData(part.dataId);
    this.lazy.drop(data);
    this.data.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(body: () => void): Promise<BackendTimingInfo> {
    this.flush();
    const started = performance.now();
    body();
    this.flush();
    return { kernelMs: performance.now() - started } as BackendTimingInfo;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {
    this.lazy.plans.clear();
    this.lazy.pool.trim();
  }

  /** Adds a node to the graph; the results are tensors that nothing has computed yet. */
  record(
    operation: Operation,
    inputs: readonly TensorInfo[],
    attributes: Readonly<Record<string, unknown>>,
  ): TensorInfo[] {
    const uses = inputs.map(({ dataId, shape }) => ({ data: this.data.get(dataId), shape }));
    return this.lazy.record(operation, uses, attributes).map((data) => this.infoOf(data));
  }

  /** A new data id for data made elsewhere. */
  infoOf(data: TensorData): TensorInfo {
    return { dataId: this.store(data), shape: [...data.shape], dtype: data.dtype };
  }

  dataOf(dataId: DataId): TensorData {
    return this.data.get(dataId);
  }

  makeTensorInfo(values: BackendValues, shape: number[], dtype: DataType): TensorInfo {
    return { dataId: this.write(values, shape, dtype), shape, dtype };
  }

  makeComplex(real: TensorInfo, imag: TensorInfo): TensorInfo {
    const data = new TensorData(real.shape, "complex64");
    data.complex = { real, imag };
    return this.infoOf(data);
  }

  private store(data: TensorData): DataId {
    const dataId = {};
    this.data.set(dataId, data);
    return dataId;
  }

  private dataFrom(values: BackendValues | null, shape: readonly number[], dtype: DataType): TensorData {
    const data = new TensorData(shape, dtype);
    if (dtype === "string") data.strings = values as Uint8Array[];
    else if (dtype === "complex64") return data;
    else {
      const elements = (values ?? []) as ElementArray;
      if (sizeOf(shape) === 1) data.scalar = Number(elementArray([Number(elements[0] ?? 0)], data.type)[0]);
      else {
        const buffer = this.lazy.pool.acquire(shape, data.type);
        buffer.elements.set(elements as never);
        data.buffer = buffer;
      }
    }
    return data;
  }
}
