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
  private readonly views: TensorViews;

  constructor(
    runtime: OnnxRuntime,
    readonly memory: NativeMemory,
    readonly shape: readonly number[],
    readonly type: ElementType,
  ) {
    const bytes = bytesOf(sizeOf(shape), type);
    this.views = new TensorViews(runtime, (view) => runtime.wrap(memory.pointer, bytes, view, type));
  }

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
    return this.views.of(shape);
  }

  /** Drops ONNX Runtime's views; the memory goes on. */
  unwrap(): NativeMemory {
    this.views.release();
    return this.memory;
  }
}

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
    return this.views.of(shape);
  }

  free(): void {
    this.views.release();
    if (this.memory) this.device.free(this.memory);
  }
}

/** OrtValues over one memory by shape; nearly always there is one. */
class TensorViews {
  private readonly made: { shape: readonly number[]; tensor: Pointer }[] = [];

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly make: (shape: readonly number[]) => Pointer,
    /** Not to be released here. */
    private readonly original?: Pointer,
  ) {}

  of(shape: readonly number[]): Pointer {
    for (const view of this.made) if (sameShape(view.shape, shape)) return view.tensor;
    const tensor = this.make(shape);
    this.made.push({ shape: [...shape], tensor });
    return tensor;
  }

  release(): void {
    for (const { tensor } of this.made) if (tensor !== this.original) this.runtime.release(tensor);
    this.made.length = 0;
  }
}

export class BufferPool {
  private readonly idle = new Map<number, NativeMemory[]>();
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
    else memory = new NativeMemory(bytes);
    this.lentBytes += bytes;
    return new HostBuffer(this.runtime, memory, shape, type);
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
    else if (buffer instanceof HostBuffer) this.keep(buffer.unwrap());
  }

  /** Gives idle memory back to the system. */
  trim(): void {
    for (const list of this.idle.values()) for (const memory of list) memory.free();
    this.idle.clear();
    this.idleBytes = 0;
  }

  private keep(memory: NativeMemory): void {
    if (this.idleBytes + memory.bytes > this.idleLimit) {
      memory.free();
      return;
    }
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
