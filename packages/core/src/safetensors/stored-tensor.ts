/**
 * A tensor as safetensors holds it: an element type, a shape, little-endian bytes.
 */
export type ElementType = "F32" | "F16" | "BF16" | "I32" | "I64" | "U8" | "BOOL";

export interface StoredTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export const elementBytes: Readonly<Record<ElementType, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  I32: 4,
  I64: 8,
  U8: 1,
  BOOL: 1,
};

/** Floats, rounded to the nearest (ties to even) where the type is narrower. The bytes are a copy. */
export function storeFloats(
  values: Float32Array,
  shape: readonly number[],
  type: "F32" | "F16" | "BF16" = "F32",
): StoredTensor {
  if (type === "F32") return { type, shape, bytes: bytesOf(values.slice()) };
  const bits = new Uint32Array(values.slice().buffer);
  return { type, shape, bytes: bytesOf(Uint16Array.from(bits, type === "F16" ? toHalf : toBrain)) };
}

/** Whole numbers; the bytes are a copy. */
export function storeIntegers(values: Int32Array | BigInt64Array | Uint8Array, shape: readonly number[]): StoredTensor {
  const type = values instanceof Int32Array ? "I32" : values instanceof BigInt64Array ? "I64" : "U8";
  return { type, shape, bytes: bytesOf(values.slice()) };
}

/** 0 and 1; the bytes are a copy. */
export function storeBooleans(values: Uint8Array, shape: readonly number[]): StoredTensor {
  return { type: "BOOL", shape, bytes: new Uint8Array(values) };
}

/** The values as floats; undefined where the type holds none. */
export function floatsOf({ type, bytes }: StoredTensor): Float32Array | undefined {
  const { buffer } = new Uint8Array(bytes); // a copy is aligned
  if (type === "F32") return new Float32Array(buffer);
  if (type === "F16") return Float32Array.from(new Uint16Array(buffer), fromHalf);
  if (type === "BF16") return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
  return undefined;
}

/** The values as 32-bit whole numbers; undefined where the type holds none or one does not fit. */
export function integersOf({ type, bytes }: StoredTensor): Int32Array | undefined {
  const { buffer } = new Uint8Array(bytes);
  if (type === "I32") return new Int32Array(buffer);
  if (type === "U8" || type === "BOOL") return Int32Array.from(bytes);
  if (type !== "I64") return undefined;
  const wide = new BigInt64Array(buffer);
  return wide.every((value) => BigInt.asIntN(32, value) === value) ? Int32Array.from(wide, Number) : undefined;
}

function bytesOf(values: Float32Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** IEEE 754 single → half: 1 sign, 5 exponent (bias 15), 10 fraction. */
function toHalf(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const exponent = (single >>> 23) & 0xff;
  const fraction = single & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const scaled = exponent - 127 + 15;
  if (scaled >= 31) return sign | 0x7c00;
  if (scaled < -10) return sign;
  if (scaled > 0) return sign | roundedShift((scaled << 23) | fraction, 13);
  return sign | roundedShift(fraction | 0x800000, 14 - scaled); // subnormal
}

/** Drops the lowest bits, to the nearest, ties to even; a carry runs into the exponent, as it must. */
function roundedShift(bits: number, count: number): number {
  const kept = bits >>> count;
  const rest = bits & ((1 << count) - 1);
  const half = 1 << (count - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16 is the upper half of a single. */
function toBrain(single: number): number {
  const isNumber = (single & 0x7fffffff) <= 0x7f800000;
  return isNumber ? (single + 0x7fff + ((single >>> 16) & 1)) >>> 16 : (single >>> 16) | 0x40;
}
