/**
 * Memory of a GPU, so that parameters stay there between steps.
 *
 * Everything is allocated by one small session that lives as long as the engine: graphs come and go, memory does not
 * depend on them.
 */
import type { ElementArray, ElementType } from "../onnx/element-type.js";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import type { Pointer } from "./c-api.js";
import { bytesOf } from "./native-memory.js";
import type { OnnxRuntime, Session } from "./onnx-runtime.js";
import { type HostBuffer, type TensorBuffer, TensorViews } from "./tensor-buffer.js";

export class Device {
  private readonly anchor: Session;
  private readonly memory: Pointer;
  private readonly allocator: Pointer;
  /** Copying graphs by type and size. */
  private readonly copies = new Map<string, Session>();

  constructor(
    private readonly runtime: OnnxRuntime,
    memoryName: string,
    private readonly hostBuffer: (shape: readonly number[], type: ElementType) => HostBuffer,
    private readonly releaseHost: (buffer: HostBuffer) => void,
  ) {
    this.anchor = this.copySession([1], "float32");
    this.memory = runtime.deviceMemory(memoryName);
    this.allocator = runtime.allocatorOf(this.anchor, this.memory);
  }

  allocate(shape: readonly number[], type: ElementType): Pointer {
    return this.runtime.allocateTensor(this.allocator, shape, type);
  }

  /** The same memory under another shape. */
  alias(tensor: Pointer, bytes: number, shape: readonly number[], type: ElementType): Pointer {
    return this.runtime.aliasTensor(this.memory, tensor, bytes, shape, type);
  }

  free(tensor: Pointer): void {
    this.runtime.release(tensor);
  }

  download(buffer: TensorBuffer): ElementArray {
    const { shape, type } = buffer;
    const key = `${type}[${shape}]`;
    let copy = this.copies.get(key);
    if (!copy) {
      if (this.copies.size >= COPIES_KEPT) this.forgetCopies();
      copy = this.copySession(shape, type);
      this.copies.set(key, copy);
    }
    const host = this.hostBuffer(shape, type);
    copy.run(BigUint64Array.of(buffer.tensorAs(shape)), BigUint64Array.of(host.tensorAs(shape)));
    const elements = host.read();
    this.releaseHost(host);
    return elements;
  }

  private copySession(shape: readonly number[], type: ElementType): Session {
    const graph = new GraphBuilder();
    return this.runtime.createSession(graph.encode([graph.input({ shape, type })]), 1, 1);
  }

  private forgetCopies(): void {
    for (const copy of this.copies.values()) copy.release();
    this.copies.clear();
  }
}

const COPIES_KEPT = 64;

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
