/**
 * Where a tensor's elements lie, and ONNX Runtime's tensors over them.
 */
import type { ElementArray, ElementType } from "../onnx/element-type.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import type { Pointer } from "./c-api.js";
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
    return this.memory.elementsAs(sizeOf(this.shape), this.type);
  }

  read(): ElementArray {
    const { elements } = this;
    return elements instanceof Float32Array ? new Float32Array(elements) : elements.slice(); // the quicker way to copy a few
  }

  tensorAs(shape: readonly number[]): Pointer {
    return this.memory.tensorAs(shape, this.type);
  }
}

/** Host memory with ONNX Runtime's tensors over it, which stay from one buffer to the next: a step makes the same ones each time. */
export class WrappedMemory extends NativeMemory {
  private readonly views: TensorViews;
  /** JavaScript's own view, as it was asked for last: nearly always the same one again. */
  private elements?: ElementArray;
  private type?: ElementType;

  constructor(runtime: OnnxRuntime, bytes: number) {
    super(bytes);
    this.views = new TensorViews(runtime, (shape, type) =>
      runtime.wrap(this.pointer, bytesOf(sizeOf(shape), type), shape, type),
    );
  }

  tensorAs(shape: readonly number[], type: ElementType): Pointer {
    return this.views.of(shape, type);
  }

  elementsAs(size: number, type: ElementType): ElementArray {
    if (this.elements?.length !== size || this.type !== type) {
      this.elements = elementsOf(this.view, size, type);
      this.type = type;
    }
    return this.elements;
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

/** OrtValues over one memory by type and shape; nearly always there is one. */
export class TensorViews {
  private readonly made: { shape: readonly number[]; type: ElementType; tensor: Pointer }[] = [];

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly make: (shape: readonly number[], type: ElementType) => Pointer,
    /** This tensor is not released here. */
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
