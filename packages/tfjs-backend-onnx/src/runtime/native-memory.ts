import koffi from "koffi";
import { BYTES, type ElementType } from "../onnx/element-type.js";
import type { Pointer } from "./c-api.js";

const ALIGNMENT = 64;
/** koffi allocates no more bytes at once. */
const MOST_OF_KOFFI = 2 ** 31 - 1;

/** Memory that JavaScript's collector never moves, aligned for vector instructions. */
export class NativeMemory {
  readonly pointer: Pointer;
  readonly view: ArrayBuffer;
  /** What is aligned within: koffi's memory, or an array's of JavaScript, which goes when nobody holds it. */
  private readonly allocation: Pointer | ArrayBuffer;

  constructor(readonly bytes: number) {
    const all = bytes + ALIGNMENT;
    this.allocation = all <= MOST_OF_KOFFI ? (koffi.alloc("uint8_t", all) as Pointer) : new ArrayBuffer(all);
    const start = typeof this.allocation === "bigint" ? this.allocation : koffi.address(this.allocation);
    this.pointer = (start + BigInt(ALIGNMENT - 1)) & ~BigInt(ALIGNMENT - 1);
    this.view = koffi.view(this.pointer, bytes);
  }

  free(): void {
    if (typeof this.allocation === "bigint") koffi.free(this.allocation);
  }
}

export function bytesOf(size: number, type: ElementType): number {
  return size * BYTES[type];
}
