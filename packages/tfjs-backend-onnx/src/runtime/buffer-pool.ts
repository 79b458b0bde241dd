/**
 * Memory of tensors: allocated once, lent again by size. The same training step asks for the same sizes each time.
 */
import type { ElementArray, ElementType } from "../onnx/element-type.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { bytesOf, NativeMemory, type OnnxRuntime, type Pointer } from "./onnx-runtime.js";

/** A tensor's memory and ONNX Runtime's view of it. */
export class TensorBuffer {
  /** OrtValue over the memory. */
  readonly tensor: Pointer;
  private other?: { readonly shape: readonly number[]; readonly tensor: Pointer };

  constructor(
    private readonly runtime: OnnxRuntime,
    readonly memory: NativeMemory,
    readonly shape: readonly number[],
    readonly type: ElementType,
  ) {
    this.tensor = runtime.wrap(memory.pointer, bytesOf(sizeOf(shape), type), shape, type);
  }

  /** A view, valid while the buffer is lent. */
  get elements(): ElementArray {
    const size = sizeOf(this.shape);
    switch (this.type) {
      case "float32":
        return new Float32Array(this.memory.view, 0, size);
      case "int32":
        return new Int32Array(this.memory.view, 0, size);
      case "int64":
        return new BigInt64Array(this.memory.view, 0, size);
      default:
        return new Uint8Array(this.memory.view, 0, size);
    }
  }

  /** The same memory under another shape. */
  tensorAs(shape: readonly number[]): Pointer {
    if (sameShape(shape, this.shape)) return this.tensor;
    if (!this.other || !sameShape(shape, this.other.shape)) {
      if (this.other) this.runtime.release(this.other.tensor);
      const bytes = bytesOf(sizeOf(shape), this.type);
      this.other = { shape, tensor: this.runtime.wrap(this.memory.pointer, bytes, shape, this.type) };
    }
    return this.other.tensor;
  }

  /** Drops ONNX Runtime's views; the memory goes on. */
  unwrap(): NativeMemory {
    this.runtime.release(this.tensor);
    if (this.other) this.runtime.release(this.other.tensor);
    return this.memory;
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
    /** Idle memory above this is given back. */
    private readonly idleLimit = 2 ** 31,
  ) {}

  acquire(shape: readonly number[], type: ElementType): TensorBuffer {
    const bytes = roundedUp(bytesOf(sizeOf(shape), type));
    let memory = this.idle.get(bytes)?.pop();
    if (memory) this.idleBytes -= bytes;
    else memory = new NativeMemory(bytes);
    this.lentBytes += bytes;
    return new TensorBuffer(this.runtime, memory, shape, type);
  }

  release(buffer: TensorBuffer): void {
    const memory = buffer.unwrap();
    this.lentBytes -= memory.bytes;
    if (this.idleBytes + memory.bytes > this.idleLimit) {
      memory.free();
      return;
    }
    this.idleBytes += memory.bytes;
    const list = this.idle.get(memory.bytes);
    if (list) list.push(memory);
    else this.idle.set(memory.bytes, [memory]);
  }

  /** Gives idle memory back to the system. */
  trim(): void {
    for (const list of this.idle.values()) for (const memory of list) memory.free();
    this.idle.clear();
    this.idleBytes = 0;
  }
}

/** Sizes within an eighth of each other share memory, so that slightly different shapes do not pile up. */
function roundedUp(bytes: number): number {
  if (bytes <= 64) return 64;
  const step = 2 ** Math.max(6, Math.floor(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}
