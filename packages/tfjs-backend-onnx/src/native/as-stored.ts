/** Some kernels make floats of bytes and whole numbers themselves: memory then holds no wider copy of an image. */
import type { Value } from "../onnx/value.js";

/** The value before casts that lost nothing. */
export function asStored(x: Value): Value {
  if (x.node?.type !== "Cast") return x;
  const source = x.node.inputs[0]!;
  const isExact = source.type === "uint8" || (source.type === "int32" && x.type === "float32");
  return isExact ? asStored(source) : x;
}
