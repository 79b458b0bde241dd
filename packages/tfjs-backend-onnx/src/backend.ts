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
  type Variable,
} from "@tensorflow/tfjs-core";
import type { LazyEngine } from "./lazy/engine.js";
import { type LazyInput, TensorData } from "./lazy/tensor-data.js";
import { type ElementArray, elementArray, elementOf } from "./onnx/element-type.js";
import { sizeOf } from "./onnx/shape.js";
import type { Attributes, Operation } from "./operations/operation.js";
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
  /** Data under ids that other backends made. */
  private readonly foreign = new DataStorage<TensorData>(this, engine());
  /** Values of arrays that did not fill their shape, as they were given. */
  private ragged?: WeakMap<TensorData, BackendValues>;
  /** Dropped data, and the data that has its memory now. */
  private readonly revivals = new WeakMap<TensorData, TensorData>();
  /** So many data have ids of this backend's own. */
  private held = 0;
  private changing?: { has(data: TensorData): boolean };

  constructor(
    readonly lazy: LazyEngine,
    /** The kernels that graphs use, or why there are none. */
    readonly kernels: KernelsInUse | NoKernels,
  ) {
    super();
    lazy.restore = ({ variable, to }) => this.restore(variable, to);
  }

  /** Evaluates everything pending: a training loop that reads no loss calls it once a step. Throws where something could not be computed. */
  flush(): void {
    const failure = this.lazy.flush();
    if (failure) throw failure.told();
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
    return this.infoOf(this.dataFrom(values, shape, dtype)).dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    const data = this.dataFrom(values, shape, dtype);
    data.refCount = refCount;
    this.foreign.set(dataId, data);
  }

  override readSync(dataId: DataId): BackendValues {
    const data = this.dataOf(dataId);
    if (data.dtype === "string") return data.strings!;
    if (data.complex) {
      const [real, imag] = [data.complex.real, data.complex.imag].map(
        (part) => this.readSync(part.dataId) as Float32Array,
      );
      return backend_util.mergeRealAndImagArrays(real!, imag!);
    }
    if (this.changing && (data.node || this.changing.has(data))) throw new UntraceableStepError();
    const hasFailed = data.node ? this.lazy.flush() !== undefined : this.lazy.failures.size > 0;
    if (hasFailed) this.lazy.failures.requireComputed(data);
    const given = this.ragged?.get(data);
    if (given) return given.slice() as Float32Array;
    if (data.scalar !== undefined) return elementArray([data.scalar], data.type) as Float32Array;
    const elements = data.buffer!.read();
    return (data.stored === data.type ? elements : elementArray(elements as Uint8Array, data.type)) as Float32Array;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override refCount(dataId: DataId): number {
    return this.isHeld(dataId) || this.foreign.has(dataId) ? this.dataOf(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.dataOf(dataId).refCount += 1;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const isHeld = this.isHeld(dataId);
    if (!isHeld && !this.foreign.has(dataId)) return true;
    const data = this.dataOf(dataId);
    data.refCount -= 1;
    if (!force && data.refCount > 0) return false;
    if (data.complex) for (const part of [data.complex.real, data.complex.imag]) this.disposeData(part.dataId);
    this.lazy.drop(data);
    if (isHeld) {
      data.holder = undefined;
      this.held -= 1;
    } else this.foreign.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.held + this.foreign.numDataIds();
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
  record(operation: Operation, inputs: readonly LazyInput[], attributes: Attributes): TensorInfo[] {
    const results = this.lazy.record(operation, inputs, attributes) as TensorData[];
    for (let i = 0; i < results.length; i += 1) this.infoOf(results[i]!);
    return results;
  }

  /** What an operation gets as its input. */
  useOf({ dataId, shape, dtype }: TensorInfo): LazyInput {
    return { data: this.dataOf(dataId), shape, type: dtype as LazyInput["type"] };
  }

  /** A tensor's info for data made elsewhere. */
  infoOf(data: TensorData): TensorInfo {
    data.holder = this;
    this.held += 1;
    return data;
  }

  dataOf(dataId: DataId): TensorData {
    return this.isHeld(dataId) ? dataId : this.foreign.get(dataId);
  }

  makeTensorInfo(values: BackendValues, shape: number[], dtype: DataType): TensorInfo {
    return { dataId: this.write(values, shape, dtype), shape, dtype };
  }

  /** Whole numbers that stay bytes in memory where graphs can read them so. */
  makeBytes(values: Uint8Array, shape: number[]): TensorInfo {
    const size = sizeOf(shape);
    if (values.length !== size)
      throw new Error(`Bytes: there must be ${size} bytes for the shape [${shape}], got ${values.length}.`);
    if (size === 1 || this.lazy.runtime.options.provider !== "cpu")
      return this.makeTensorInfo(Int32Array.from(values), shape, "int32");
    const data = new TensorData(shape, "int32");
    const buffer = this.lazy.pool.acquire(shape, "uint8");
    buffer.elements.set(values as never);
    data.buffer = buffer;
    return this.infoOf(data);
  }

  makeComplex(real: TensorInfo, imag: TensorInfo): TensorInfo {
    const data = new TensorData(real.shape, "complex64");
    data.complex = { real, imag };
    return this.infoOf(data);
  }

  /** Gives the variable a value that it had. Where nobody refers to that any more, its memory is still there. */
  private restore(variable: Variable, to: TensorData): void {
    const data = to.isDropped ? this.revived(to) : to;
    data.refCount += 1;
    const { shape, dtype } = variable;
    const value = engine().makeTensorFromTensorInfo({ dataId: data, shape, dtype }, this);
    variable.assign(value as never);
    value.dispose();
  }

  /** The same values as data that a tensor may refer to; variables that shared them share them again. */
  private revived(dropped: TensorData): TensorData {
    let data = this.revivals.get(dropped);
    if (data && !data.isDropped) return data;
    data = new TensorData(dropped.shape, dropped.dtype);
    data.refCount = 0;
    data.buffer = dropped.buffer;
    data.scalar = dropped.scalar;
    dropped.buffer = undefined;
    this.infoOf(data);
    this.revivals.set(dropped, data);
    return data;
  }

  private isHeld(dataId: DataId): dataId is TensorData {
    return (dataId as Partial<TensorData>).holder === this;
  }

  private dataFrom(values: BackendValues | null, shape: readonly number[], dtype: DataType): TensorData {
    const data = new TensorData(shape, dtype);
    if (dtype === "string") data.strings = values as Uint8Array[];
    else if (dtype === "complex64") return data;
    else {
      const size = sizeOf(shape);
      const elements = (values ?? []) as ElementArray;
      if (size === 1) data.scalar = elementOf(Number(elements[0] ?? 0), data.type);
      else {
        const buffer = this.lazy.pool.acquire(shape, data.type);
        if (elements.length !== size && values) this.keepRagged(data, elements, buffer.elements);
        else buffer.elements.set(elements as never);
        data.buffer = buffer;
      }
    }
    return data;
  }

  /**
   * TensorFlow.js takes arrays whose rows are of different lengths as they are, unless it is told to check: reading gives what was
   * given, and operations find NaN where something is missing.
   */
  private keepRagged(data: TensorData, given: ElementArray, elements: ElementArray): void {
    this.ragged ??= new WeakMap();
    this.ragged.set(data, given.slice() as BackendValues);
    const padded = Array.from({ length: elements.length }, (_, i) => Number(given[i] ?? Number.NaN));
    elements.set(elementArray(padded, data.type) as never);
  }
}
