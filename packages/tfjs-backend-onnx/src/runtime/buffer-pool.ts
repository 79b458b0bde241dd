/**
 * Memory of tensors: allocated once, lent again by size. The same training step asks for the same sizes each time.
 */
import type { ElementArray, ElementType } from "../onnx/element-type.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import type { Pointer } from "./c-api.js";
import type { Device } from "./device.js";
import { bytesOf, NativeMemory } from "./native-memory.js";
import type { OnnxRuntime } from "./onnx-runtime.js";

/** A tensor's memory and ONNX Runtime's view of it. */
export interface TensorBuffer {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly bytes: number;
  /** OrtValue over the memory, under its own shape or another of the same size. */
  tensorAs(shape: readonly number[]): Pointer;
  /** A copy of the elements. */
  read(): ElementArray;
}

/** Native memory that JavaScript sees too. */
export class HostBuffer implements TensorBuffer {
  constructor(
    readonly memory: WrappedMemory,
    readonly shape: readonly number[],
    readonly type: ElementType,
  ) {}

  get bytes(): number {
    return this.memory.bytes;
  }

  /** The memory itself, valid while the buffer is lent. */
  get elements(): ElementArray {
    return elementsOf(this.memory.view, sizeOf(this.shape), this.type);
  }

  read(): ElementArray {
    return this.elements.slice();
  }

  tensorAs(shape: readonly number[]): Pointer {
    return this.memory.tensorAs(shape, this.type);
  }
}

/** Host memory with ONNX Runtime's tensors over it, which stay from one buffer to the next: a step makes the same ones each time. */
class WrappedMemory extends NativeMemory {
  private readonly views: TensorViews;

  constructor(runtime: OnnxRuntime, bytes: number) {
    super(bytes);
    this.views = new TensorViews(runtime, (shape, type) =>
      runtime.wrap(this.pointer, bytesOf(sizeOf(shape), type), shape, type),
    );
  }

  tensorAs(shape: readonly number[], type: ElementType): Pointer {
    return this.views.of(shape, type);
  }

  /** No tensor over it is in use: where there are many, they are made anew when they are needed. */
  rest(): void {
    if (this.views.count > VIEWS_KEPT) this.views.release();
  }

  override free(): void {
    this.views.release();
    super.free();
  }
}
const VIEWS_KEPT = 4;

/** Memory of the device that a provider computes on; reading it copies. */
export class DeviceBuffer implements TensorBuffer {
  readonly bytes: number;
  private readonly views: TensorViews;

  constructor(
    runtime: OnnxRuntime,
    private readonly device: Device,
    readonly shape: readonly number[],
    readonly type: ElementType,
    private readonly memory: Pointer = device.allocate(shape, type),
  ) {
    this.bytes = bytesOf(sizeOf(shape), type);
    this.views = new TensorViews(
      runtime,
      (view) => (sameShape(view, shape) ? memory : device.alias(memory, this.bytes, view, type)),
      memory,
    );
  }

  read(): ElementArray {
    return this.device.download(this);
  }

  tensorAs(shape: readonly number[]): Pointer {
    return this.views.of(shape, this.type);
  }

  free(): void {
    this.views.release();
    if (this.memory) this.device.free(this.memory);
  }
}

/** OrtValues over one memory by type and shape; nearly always there is one. */
class TensorViews {
  private readonly made: { shape: readonly number[]; type: ElementType; tensor: Pointer }[] = [];

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly make: (shape: readonly number[], type: ElementType) => Pointer,
    /** Not to be released here. */
    private readonly original?: Pointer,
  ) {}

  get count(): number {
    return this.made.length;
  }

  of(shape: readonly number[], type: ElementType): Pointer {
    for (const view of this.made) if (view.type === type && sameShape(view.shape, shape)) return view.tensor;
    const tensor = this.make(shape, type);
    this.made.push({ shape: [...shape], type, tensor });
    return tensor;
  }

  release(): void {
    for (const { tensor } of this.made) if (tensor !== this.original) this.runtime.release(tensor);
    this.made.length = 0;
  }
}

export class BufferPool {
  private readonly idle = new Map<number, WrappedMemory[]>();
  /** Bytes lent to tensors. */
  lentBytes = 0;
  /** Bytes kept for the next tensor of that size. */
  idleBytes = 0;

  constructor(
    private readonly runtime: OnnxRuntime,
    /** Where graphs leave their results; the host's memory where there is none. */
    private readonly device: Device | undefined,
    /** Idle memory above this is given back. */
    private readonly idleLimit = 2 ** 31,
  ) {}

  /** Memory that JavaScript writes. */
  acquire(shape: readonly number[], type: ElementType): HostBuffer {
    const bytes = roundedUp(bytesOf(sizeOf(shape), type));
    let memory = this.idle.get(bytes)?.pop();
    if (memory) this.idleBytes -= bytes;
    else memory = new WrappedMemory(this.runtime, bytes);
    this.lentBytes += bytes;
    return new HostBuffer(memory, shape, type);
  }

  /** Memory that a graph writes. */
  acquireOutput(shape: readonly number[], type: ElementType): TensorBuffer {
    // Empty tensors and booleans have no form on devices.
    if (!this.device || sizeOf(shape) === 0 || type === "bool") return this.acquire(shape, type);
    const buffer = new DeviceBuffer(this.runtime, this.device, shape, type);
    this.lentBytes += buffer.bytes;
    return buffer;
  }

  release(buffer: TensorBuffer): void {
    this.lentBytes -= buffer.bytes;
    if (buffer instanceof DeviceBuffer) buffer.free();
    else if (buffer instanceof HostBuffer) this.keep(buffer.memory);
  }

  /** Gives idle memory back to the system. */
  trim(): void {
    for (const list of this.idle.values()) for (const memory of list) memory.free();
    this.idle.clear();
    this.idleBytes = 0;
  }

  private keep(memory: WrappedMemory): void {
    if (this.idleBytes + memory.bytes > this.idleLimit) {
      memory.free();
      return;
    }
    memory.rest();
    this.idleBytes += memory.bytes;
    const list = this.idle.get(memory.bytes);
    if (list) list.push(memory);
    else this.idle.set(memory.bytes, [memory]);
  }
}

function elementsOf(memory: ArrayBuffer, size: number, type: ElementType): ElementArray {
  switch (type) {
    case "float32":
      return new Float32Array(memory, 0, size);
    case "int32":
      return new Int32Array(memory, 0, size);
    case "int64":
      return new BigInt64Array(memory, 0, size);
    default:
      return new Uint8Array(memory, 0, size);
  }
}

/** Sizes within an eighth of each other share memory, so that slightly different shapes do not pile up. */
function roundedUp(bytes: number): number {
  if (bytes <= 64) return 64;
  const step = 2 ** Math.max(6, Math.floor(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}
