/**
 * The lazy engine: records nodes, and evaluates everything that is still wanted as one graph.
 */
import type { DataType, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { ElementType } from "../onnx/element-type.js";
import type { Attributes, Operation, TensorType } from "../operations/operation.js";
import { BufferPool } from "../runtime/buffer-pool.js";
import { Device } from "../runtime/device.js";
import type { OnnxRuntime, Session } from "../runtime/onnx-runtime.js";
import type { HostBuffer, TensorBuffer } from "../runtime/tensor-buffer.js";
import { freshStats, type Stats } from "../stats.js";
import { type Reversal, reversals, type Step } from "./assignments.js";
import { Calls } from "./calls.js";
import { explain, type Failure, Failures } from "./failure.js";
import { Interpreter } from "./interpreter.js";
import { nodeOf } from "./node-of.js";
import { computeInPieces } from "./pieces.js";
import { compilePlan, type KnownGraph, PlanCache } from "./plan.js";
import { Recorded } from "./recorded.js";
import { ASSIGNED_OFTEN } from "./step-boundaries.js";
import { type LazyInput, type LazyNode, TensorData } from "./tensor-data.js";
import { type Trace, traceOf } from "./trace.js";

/** ONNX Runtime's names for providers' own memory; results of the others are in the host's. */
const DEVICE_MEMORY: Readonly<Record<string, string>> = { webgpu: "WebGPU_Buf" };

export interface EngineLimits {
  /** So many compiled graphs are kept. */
  graphs: number;
  /** So many nodes are recorded before they are evaluated unasked. */
  pendingNodes: number;
  /** Small graphs are computed by TensorFlow.js's CPU kernels. */
  interpret: boolean;
  /** So much memory of dropped tensors is held for pending nodes before these are evaluated unasked. */
  droppedBytes: number;
}

export class LazyEngine {
  readonly stats: Stats = freshStats();
  readonly pool: BufferPool;
  readonly plans: PlanCache;
  private readonly interpreter?: Interpreter;
  private readonly calls = new Calls();
  private readonly recorded = new Recorded();
  /** So many tensors are wanted and not evaluated. */
  private pending = 0;
  /** While a step is traced nothing is evaluated. */
  isTracing = false;
  /** Dropped tensors that pending nodes may still read. */
  private dropped: TensorData[] = [];
  private droppedBytes = 0;
  /** Wanted tensors that have no values, because a node could not be computed. */
  readonly failures = new Failures();
  /** The step before was a graph by itself; where the loop ends, its last one is too. */
  private isStepwise = false;
  /** Gives a variable back a value that it had; the backend knows how. */
  restore?: (reversal: Reversal) => void;

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
    if (limits.interpret) this.interpreter = new Interpreter(this.plans, this.pool, this.stats);
  }

  /** Adds a node; nothing is computed. */
  record(operation: Operation, inputs: readonly LazyInput[], attributes: Attributes): readonly TensorData[] {
    const isFull =
      this.recorded.recording.nodes >= this.limits.pendingNodes ||
      this.droppedBytes > this.limits.droppedBytes ||
      (operation.kernel === "Slice" && this.beginsBatches(inputs[0]!.data));
    if (isFull && !this.isTracing && this.flush()) for (const { data } of inputs) this.failures.requireComputed(data);
    if (this.pending === 0 && !this.recorded.recording.isEmpty) this.recorded.forget();
    if (this.failures.size > 0) for (const { data } of inputs) this.failures.requireComputed(data);
    const inferred = operation.infer(inputs, attributes);
    const node = nodeOf(this.calls, operation, inputs, attributes);
    if (isList(inferred)) for (const result of inferred) this.addResult(node, result);
    else this.addResult(node, inferred);
    this.recorded.add(node);
    return node.outputs;
  }

  /** Nobody wants this tensor any more; memory that pending nodes may still read waits for them. */
  drop(data: TensorData): void {
    if (data.node && !data.isDropped) this.pending -= 1;
    if (this.failures.size > 0 && !data.isDropped) this.failures.forget(data);
    data.isDropped = true;
    if (!data.buffer || data.pins > 0) return;
    if (this.pending === 0) this.releaseBuffer(data);
    else this.dropLater(data);
  }

  /** Evaluates every wanted tensor; those that cannot be are errors to whoever reads them. Gives what failed, where something did. */
  flush(): Failure | undefined {
    if (this.isStepwise && this.recorded.boundaries.to > 0) return this.flushStepwise();
    return this.flushTogether();
  }

  private flushTogether(): Failure | undefined {
    let failure: Failure | undefined;
    if (this.pending > 0) {
      const outputs = this.recorded.wanted();
      try {
        this.runKnown(outputs);
      } catch {
        failure = this.salvage(outputs);
      }
      this.pending = 0;
    }
    this.recorded.forget();
    for (const data of this.dropped) if (data.pins === 0) this.releaseBuffer(data);
    this.dropped = [];
    this.droppedBytes = 0;
    return failure;
  }

  /** A variable begins with it: what will change is an input of graphs from the first, also where it is one number throughout. */
  expectChange(data: TensorData): void {
    const number = data.scalar ?? numberThroughout(data);
    if (number === undefined || this.isTracing) return;
    const buffer = data.buffer ?? this.pool.acquire(data.shape, data.type);
    (buffer as HostBuffer).elements.fill(number as never);
    data.scalar = undefined;
    if (!data.node) data.buffer = buffer;
    else {
      this.recorded.settleUnevaluated(data, buffer);
      this.pending -= 1;
    }
  }

  /** Takes gradients by `body`, with what a step before has assigned computed, a graph for each step. */
  takingGradients<T>(inputs: readonly Tensor[], body: () => T): T {
    this.beginGradients(inputs);
    this.recorded.boundaries.isTakingGradients = true;
    try {
      return body();
    } finally {
      this.recorded.boundaries.isTakingGradients = false;
    }
  }

  /** Gradients with regard to these begin. */
  beginGradients(inputs: readonly Tensor[]): void {
    if (this.isTracing) return;
    if (this.pending > 0 && this.recorded.boundaries.isNextStep(inputs)) {
      this.flushStepwise();
      this.isStepwise = true;
    }
    if (this.pending === 0 && !this.recorded.recording.isEmpty) this.recorded.forget();
    this.recorded.boundaries.begin(this.recorded.recording.results);
  }

  /** An optimizer's step begins: what it records and assigns counts together. */
  beginStep(undo: () => void): Step {
    return this.recorded.beginStep(undo);
  }

  endStep(step: Step): void {
    this.recorded.endStep(step);
  }

  /** Remembers a variable's value until the new one is known to be good. */
  noteAssignment(variable: Variable, before: TensorData, after: TensorData, step: Step | undefined): void {
    if (this.pending === 0 || this.isTracing) return;
    this.recorded.assignments.push({ variable, before, after, step });
    const times = this.recorded.boundaries.note(variable, this.recorded.recording.results);
    if (times >= ASSIGNED_OFTEN && !step) this.flush();
  }

  trace(outputs: readonly TensorData[]): Trace {
    const started = performance.now();
    const trace = traceOf(outputs);
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

  /** Gives buffers for a plan's outputs, not yet written. */
  outputBuffers(outputs: readonly TensorData[]): TensorBuffer[] {
    return outputs.map(({ shape, type }) => this.pool.acquireOutput(shape, type));
  }

  /** The tensor's values in native memory. */
  bufferOf(data: TensorData): TensorBuffer {
    if (data.node) this.flush();
    if (!data.buffer) {
      this.failures.requireComputed(data);
      const buffer = this.pool.acquire(data.shape, data.type);
      if (data.numbers) buffer.elements.set(data.numbers as never);
      else buffer.elements[0] = data.scalar!;
      data.buffer = buffer;
      if (data.isDropped && data.pins === 0) this.dropped.push(data);
    }
    return data.buffer;
  }

  /** Pending nodes may still read its memory. */
  private dropLater(data: TensorData): void {
    this.dropped.push(data);
    this.droppedBytes += data.buffer?.bytes ?? 0;
  }

  private releaseBuffer(data: TensorData): void {
    if (data.buffer) this.pool.release(data.buffer);
    data.buffer = undefined;
  }

  private beginsBatches(data: TensorData): boolean {
    return !data.node && this.pending > 0 && this.recorded.boundaries.isNextBatch(data, this.recorded.recording.nodes);
  }

  private addResult(node: LazyNode, { shape, type }: TensorType): void {
    const data = new TensorData(shape, type as DataType);
    data.node = node;
    data.outputIndex = node.outputs.push(data) - 1;
    this.pending += 1;
  }

  /** Evaluates what was recorded before the last steps, them, and what was recorded since, each by itself. */
  private flushStepwise(): Failure | undefined {
    const [before, steps] = this.recorded.parts();
    this.isStepwise = false;
    try {
      this.evaluateFirst(before);
      this.evaluateFirst(steps);
    } catch {
      // All that is left is evaluated below, which finds out what failed.
    }
    return this.flushTogether();
  }

  /** Evaluates so many of the results, as far as they are wanted or needed by the others, which stay recorded. */
  private evaluateFirst(count: number): void {
    const outputs = this.recorded.narrow(count);
    if (!outputs) return;
    try {
      if (outputs.length > 0) this.runKnown(outputs);
    } catch (error) {
      this.recorded.widen();
      throw error;
    }
    this.recorded.leave(count);
    for (const data of outputs) {
      if (!data.isDropped) this.pending -= 1;
      else this.dropLater(data);
    }
  }

  private runKnown(outputs: readonly TensorData[]): void {
    const { recording, assignments } = this.recorded;
    const isStep = assignments.length > 0;
    if (!isStep && this.interpreter?.computeSmall(outputs, recording)) return;
    const found = this.found(outputs);
    if (!found && this.interpreter?.computeLarge(outputs, recording, isStep)) return;
    const { session, bound } = found ?? this.plans.add(recording.key(outputs), this.trace(outputs));
    const read = bound.map((place) => recording.leaves[place]!);
    this.run(session, read, outputs);
  }

  private found(outputs: readonly TensorData[]): KnownGraph | undefined {
    const started = performance.now();
    const found = this.plans.find(this.recorded.recording.key(outputs), this.recorded.recording.leaves);
    this.stats.milliseconds.trace += performance.now() - started;
    return found;
  }

  private run(session: Session, read: readonly TensorData[], made: readonly TensorData[]): void {
    const inputs = new BigUint64Array(read.length);
    for (let i = 0; i < read.length; i += 1) inputs[i] = this.bufferOf(read[i]!).tensorAs(read[i]!.shape);
    const outputs = this.outputBuffers(made);
    const started = performance.now();
    try {
      session.run(inputs, tensorsOf(outputs));
    } catch (error) {
      for (const buffer of outputs) this.pool.release(buffer);
      throw error;
    } finally {
      this.stats.milliseconds.run += performance.now() - started;
      this.stats.runs += 1;
    }
    for (let i = 0; i < made.length; i += 1) made[i]!.settle(outputs[i]!);
  }

  /** After the graph has failed: computes what does not depend on the nodes at fault, and puts variables back. Gives a failure. */
  private salvage(outputs: readonly TensorData[]): Failure | undefined {
    this.stats.salvages += 1;
    const log = this.recorded.assignments;
    const replaced = log.map(({ before }) => before).filter(({ node }) => node);
    const wanted = new Set([...outputs, ...replaced]);
    const { nodes } = this.trace([...wanted]);
    const { failed, passing } = computeInPieces(nodes, wanted, {
      compute: (made) => this.computeOnce(made),
      explain: (node, error) => explain(node, error, (data) => this.bufferOf(data).read() as ArrayLike<number>),
    });
    for (const data of passing) this.releaseBuffer(data);
    const { spoilt, back } = reversals(log, nodes, failed);
    for (const [data, failure] of spoilt) {
      data.node = undefined;
      this.releaseBuffer(data);
      if (!data.isDropped) this.failures.add(data, failure);
    }
    this.pending = 0;
    for (const reversal of back) {
      reversal.failure.reverted += 1;
      this.restore?.(reversal);
    }
    for (const data of replaced) if (data.isDropped) this.releaseBuffer(data);
    const failures = new Set(failed.values());
    for (const failure of failures) this.failures.warnIfUnheard(failure);
    return failures.values().next().value;
  }

  /** Computes tensors by a graph that is not kept. */
  private computeOnce(outputs: readonly TensorData[]): void {
    const trace = this.trace(outputs);
    const { session, bound } = compilePlan(this.runtime, trace, () => false, this.stats);
    try {
      this.run(
        session,
        bound.map((place) => trace.leaves[place]!),
        outputs,
      );
    } finally {
      session.release();
    }
  }
}

export function tensorsOf(buffers: readonly TensorBuffer[]): BigUint64Array {
  return BigUint64Array.from(buffers, (buffer) => buffer.tensorAs(buffer.shape));
}

/** The number that a node fills its result with, where it does nothing else. */
function numberThroughout({ node }: TensorData): number | undefined {
  if (!node) return undefined;
  const { operation, attributes } = node.call;
  if (operation.kernel === "ZerosLike") return 0;
  if (operation.kernel === "OnesLike") return 1;
  if (operation.kernel !== "Fill") return undefined;
  return node.numbers ? node.numbers.numbers![0] : Number(attributes.value);
}

function isList<T>(results: T | readonly T[]): results is readonly T[] {
  return Array.isArray(results);
}
