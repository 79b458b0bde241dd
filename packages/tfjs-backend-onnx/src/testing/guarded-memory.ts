/** Tensors whose memory ends where the process may not touch any more: reading or writing past the end is a crash, not luck. */
import koffi from "koffi";
import { BYTES } from "../onnx/element-type.js";
import { sizeOf } from "../onnx/shape.js";
import type { TensorType } from "../onnx/value.js";
import type { Pointer } from "../runtime/c-api.js";
import { NativeMemory } from "../runtime/native-memory.js";
import type { OnnxRuntime } from "../runtime/onnx-runtime.js";
import { sharedLibrary } from "../runtime/shared-library.js";

const PAGE = 65_536; // a multiple of every system's page

/** Where this is not Linux, the memory is ordinary. */
function memoryBefore(bytes: number): Pointer {
  if (process.platform !== "linux") return new NativeMemory(bytes).pointer;
  const libc = sharedLibrary("libc.so.6");
  const map = libc.func("void *mmap(void *, size_t, int, int, int, long)");
  const protect = libc.func("int mprotect(void *, size_t, int)");
  const pages = Math.ceil(bytes / PAGE) * PAGE;
  const start = map(0n, pages + PAGE, READ_AND_WRITE, PRIVATE_ANONYMOUS, -1, 0) as Pointer;
  protect(start + BigInt(pages), PAGE, 0);
  mapped.push({ start, bytes: pages + PAGE });
  return start + BigInt(pages - bytes);
}
/** What is lent: a process may have some 65,000 mappings, two each. */
const mapped: { start: Pointer; bytes: number }[] = [];
const READ_AND_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x22;

/** The content is reproducible, of whole numbers only where `isWild`. */
export function guardedTensor(runtime: OnnxRuntime, { shape, type }: TensorType, isWild = false): Pointer {
  const size = sizeOf(shape);
  const memory = memoryBefore(size * BYTES[type]);
  if (size > 0) {
    const view = koffi.view(memory, size * BYTES[type]);
    if (type === "float32") fill(new Float32Array(view), Math.sin);
    if (type === "int32" && isWild) fill(new Int32Array(view), (i) => WILD[i % WILD.length]!);
  }
  return runtime.wrap(memory, size * BYTES[type], shape, type);
}

/** Ends the life of every guarded tensor so far. */
export function freeGuarded(): void {
  if (mapped.length === 0) return;
  const unmap = sharedLibrary("libc.so.6").func("int munmap(void *, size_t)");
  for (const { start, bytes } of mapped.splice(0)) unmap(start, bytes);
}
const WILD = [0, -1, 3, 2 ** 31 - 1, -(2 ** 31), 1, 4, 1e6];

function fill(elements: Float32Array | Int32Array, at: (i: number) => number): void {
  for (let i = 0; i < elements.length; i += 1) elements[i] = at(i);
}
