/** Sums of rows by number, by the kernel `SegmentSum`: quick on many threads, and in the rows' order. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { Value } from "../onnx/value.js";
import { kernelNode } from "./kernel-node.js";

/** x [N, …], ids int32 [N] → [segments, …]. */
export function segmentSumKernel(graph: GraphBuilder, x: Value, ids: Value, segments: number): Value {
  const type = { shape: [segments, ...x.shape.slice(1)], type: "float32" } as const;
  return kernelNode(graph, "SegmentSum", [x, ids], { segments }, [type])[0]!;
}
