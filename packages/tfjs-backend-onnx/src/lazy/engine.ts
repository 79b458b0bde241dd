/**
 * The lazy engine: records nodes, and evaluates everything that is still wanted as one graph.
 */
import type { ElementType } from "../onnx/element-type.js";
import type { Operation } from "../operations/operation.js";
import { BufferPool, type HostBuffer, type TensorBuffer } from "../runtime/buffer-pool.js";
import type { Pointer } from "../runtime/c-api.js";
import { Device } from "../runtime/device.js";
import type { OnnxRuntime } from "../runtime/onnx-runtime.js";
import { freshStats, type Stats } from "../stats.js";
import { attributeText, Interner } from "./interning.js";
import { type Plan, PlanCache } from "./plan.js";
import { type LazyInput, type LazyNode, TensorData } from "./tensor-data.js";
import { type Trace, traceOf } from "./trace.js";

/** ONNX Runtime's names for providers' own memory; results of the others are in the host's. */
const DEVICE_MEMORY: Readonly<Record<string, string>> = { webgpu: "WebGPU_Buf" };

export interface EngineLimits {
  /** Compiled graphs kept. */
  graphs: number;
  /** Nodes recorded before they are evaluated unasked. */
  pendingNodes: number;
  /** Memory of dropped tensors held for pending nodes before these are evaluated unasked. */
  droppedBytes: number;
}

export class LazyEngine {
  readonly stats: Stats = freshStats();
  readonly pool: BufferPool;
  readonly plans: PlanCache;
  private readonly interner = new Interner();
  /** Wanted and not evaluated, oldest first. */
  private readonly pending = new Set<TensorData>();
  private pendingNodes = 0;
  /** While a step is traced nothing is evaluated. */
  isTracing = false;
  /** Dropped tensors that pending nodes may still read. */
  private dropped: TensorData[] = [];
  private droppedBytes = 0;

  constructor(
    readonly runtime: OnnxRuntime,
    private readonly limits: EngineLimits,
  ) {
    const host = (shape: readonly number[], type: ElementType): HostBuffer => this.pool.acquire(shape, type);
    const memoryName = DEVICE_MEMORY[runtime.options.provider];
    const device = memoryName
      ? new Device(runtime, memoryName, host, (buffer) => this.pool.release(buffer))
      : undefined;
    this.pool = new BufferPool(runtime, device);
    this.plans = new PlanCache(runtime, this.stats, limits.graphs);
  }

  /** Adds a node; nothing is computed. */
  record(
    operation: Operation,
    inputs: readonly LazyInput[],
    attributes: Readonly<Record<string, unknown>>,
  ): readonly TensorData[] {
    const isFull = this.pendingNodes >= this.limits.pendingNodes || this.droppedBytes > this.limits.droppedBytes;
    if (isFull && !this.isTracing) this.flush();
    const types = inputs.map(({ data, shape }) => ({ shape, type: data.type }));
    const inferred = operation.infer(types, attributes);
    const results = Array.isArray(inferred) ? inferred : [inferred];
    const key = this.interner.number(operation.kernel + attributeText(attributes));
    const node: LazyNode = { operation, inputs, attributes, key, outputs: [] };
    for (const { shape, type } of results) {
      const data = new TensorData(shape, type);
      data.node = node;
      data.outputIndex = node.outputs.push(data) - 1;
      this.pending.add(data);
    }
    this.pendingNodes += 1;
    return node.outputs;
  }

  /** Nobody wants this tensor any more; memory that pending nodes may still read waits for them. */
  drop(data: TensorData): void {
    this.pending.delete(data);
    data.isDropped = true;
    if (!data.buffer || data.pins > 0) return;
    if (this.pending.size === 0) this.releaseBuffer(data);
    else {
      this.dropped.push(data);
      this.droppedBytes += data.buffer.bytes;
    }
  }

  /** Evaluates every wanted tensor. */
  flush(): void {
    if (this.pending.size > 0) {
      const outputs = [...this.pending];
      const trace = this.trace(outputs);
      const plan = this.plans.find(trace, isNever);
      const buffers = this.run(plan, trace);
      for (const [i, data] of outputs.entries()) settle(data, buffers[i]!);
      this.pending.clear();
    }
    this.pendingNodes = 0;
    for (const data of this.dropped) if (data.pins === 0) this.releaseBuffer(data);
    this.dropped = [];
    this.droppedBytes = 0;
  }

  trace(outputs: readonly TensorData[], isDynamic: (leaf: TensorData) => boolean = isNever): Trace {
    const started = performance.now();
    const trace = traceOf(outputs, this.interner, isDynamic);
    this.stats.milliseconds.trace += performance.now() - started;
    return trace;
  }

  /** Keeps the tensor's memory although nobody may want it: a graph reads it, now or at its next run. */
  pin(data: TensorData): TensorData {
    data.pins += 1;
    return data;
  }

  unpin(data: TensorData): void {
    data.pins -= 1;
    if (data.pins === 0 && data.isDropped) this.drop(data);
  }

  /** Buffers for a plan's outputs, not yet written. */
  outputBuffers(outputs: readonly TensorData[]): TensorBuffer[] {
    return outputs.map(({ shape, type }) => this.pool.acquireOutput(shape, type));
  }

  /** The tensor's values in native memory. */
  bufferOf(data: TensorData): TensorBuffer {
    if (data.node) this.flush();
    if (!data.buffer) {
      const buffer = this.pool.acquire(data.shape, data.type);
      buffer.elements[0] = data.scalar!;
      data.buffer = buffer;
    }
    return data.buffer;
  }

  private releaseBuffer(data: TensorData): void {
    if (data.buffer) this.pool.release(data.buffer);
    data.buffer = undefined;
  }

  private inputOf(leaf: TensorData): Pointer {
    return this.bufferOf(leaf).tensorAs(leaf.shape);
  }

  private run(plan: Plan, trace: Trace): TensorBuffer[] {
    const outputs = this.outputBuffers(trace.outputs);
    const inputs = BigUint64Array.from(plan.bound, (place) => this.inputOf(trace.leaves[place]!));
    const started = performance.now();
    plan.session.run(inputs, tensorsOf(outputs));
    this.stats.milliseconds.run += performance.now() - started;
    this.stats.runs += 1;
    return outputs;
  }
}

export function tensorsOf(buffers: readonly TensorBuffer[]): BigUint64Array {
  return BigUint64Array.from(buffers, (buffer) => buffer.tensorAs(buffer.shape));
}

/** The tensor holds values now, and the nodes behind it can go. */
function settle(data: TensorData, buffer: TensorBuffer): void {
  data.buffer = buffer;
  data.node = undefined;
}

const isNever = () => false;
