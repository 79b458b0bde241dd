/**
 * Memory of tensors: allocated once, lent again by size. The same training step asks for the same sizes each time.
 */
import type { ElementType } from "../onnx/element-type.js";
import { sizeOf } from "../onnx/shape.js";
import { type Device, DeviceBuffer } from "./device.js";
import { bytesOf } from "./native-memory.js";
import type { OnnxRuntime } from "./onnx-runtime.js";
import { HostBuffer, type TensorBuffer, WrappedMemory } from "./tensor-buffer.js";

export class BufferPool {
  private readonly idle = new Map<number, WrappedMemory[]>();
  /** Bytes lent to tensors. */
  lentBytes = 0;
  /** Bytes kept for the next tensor of that size. */
  idleBytes = 0;

  constructor(
    private readonly runtime: OnnxRuntime,
    /** Graphs leave their results in its memory, or in the host's where there is none. */
    private readonly device: Device | undefined,
    /** Idle memory above this is given back. */
    private readonly idleLimit = 2 ** 31,
  ) {}

  /** Memory that JavaScript writes. */
  acquire(shape: readonly number[], type: ElementType): HostBuffer {
    const bytes = roundedUp(bytesOf(sizeOf(shape), type));
    let memory = this.idle.get(bytes)?.pop();
    if (memory) this.idleBytes -= bytes;
    else memory = this.allocated(bytes, shape, type);
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

  private allocated(bytes: number, shape: readonly number[], type: ElementType): WrappedMemory {
    try {
      return new WrappedMemory(this.runtime, bytes);
    } catch (cause) {
      throw new Error(
        `onnx engine: there must be memory for a tensor ${type} [${shape}], which takes ${(bytes / 1e9).toFixed(1)} GB, and there is none: ` +
          `${(cause as Error).message}. Compute it in parts, or with a smaller batch.`,
        { cause },
      );
    }
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

/** Sizes within an eighth of each other share memory, so that slightly different shapes do not pile up. */
function roundedUp(bytes: number): number {
  if (bytes <= 64) return 64;
  if (bytes < 2 ** 31) {
    const step = 1 << Math.max(6, 28 - Math.clz32(bytes));
    return Math.ceil(bytes / step) * step;
  }
  const step = 2 ** (Math.floor(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}
