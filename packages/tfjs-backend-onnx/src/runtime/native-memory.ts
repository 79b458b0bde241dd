import koffi from "koffi";
import { BYTES, type ElementType } from "../onnx/element-type.js";
import type { Pointer } from "./c-api.js";

const ALIGNMENT = 64;

/** Memory that JavaScript's collector never moves, aligned for vector instructions. */
export class NativeMemory {
  readonly pointer: Pointer;
  readonly view: ArrayBuffer;
  private readonly allocation: Pointer;

  constructor(readonly bytes: number) {
    this.allocation = koffi.alloc("uint8_t", bytes + ALIGNMENT) as Pointer;
    this.pointer = (this.allocation + BigInt(ALIGNMENT - 1)) & ~BigInt(ALIGNMENT - 1);
    this.view = koffi.view(this.pointer, bytes);
  }

  free(): void {
    koffi.free(this.allocation);
  }
}

export function bytesOf(size: number, type: ElementType): number {
  return size * BYTES[type];
}
