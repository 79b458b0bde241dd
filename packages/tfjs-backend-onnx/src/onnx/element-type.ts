/** Element types of ONNX tensors and their numbers in onnx.proto's TensorProto.DataType. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

export type ElementArray = Float32Array | Int32Array | Uint8Array | BigInt64Array | Float64Array;

export const BYTES: Record<ElementType, number> = { float32: 4, uint8: 1, int32: 4, int64: 8, bool: 1, float64: 8 };

/** The values as the element type stores them: integers cut, booleans 0 or 1. */
export function elementArray(values: ArrayLike<number>, type: ElementType): ElementArray {
  switch (type) {
    case "float32":
      return new Float32Array(values);
    case "float64":
      return new Float64Array(values);
    case "int32":
      return new Int32Array(values);
    case "int64":
      return BigInt64Array.from(Array.from(values, BigInt));
    case "uint8":
      return new Uint8Array(values);
    case "bool":
      return Uint8Array.from(values, (value) => (value ? 1 : 0));
  }
}

/** The number that an element of the type holds, of the types that TensorFlow.js has. */
export function elementOf(value: number, type: "float32" | "int32" | "bool"): number {
  if (type === "float32") return Math.fround(value);
  return type === "int32" ? value | 0 : Number(value !== 0);
}
