/**
 * A trace: the nodes that a set of tensors still needs, in order, and the data that they read.
 */
import type { LazyNode, TensorData } from "./tensor-data.js";

export interface Trace {
  /** Every node follows those it reads from. */
  readonly nodes: readonly LazyNode[];
  /** Evaluated data that the nodes read. */
  readonly leaves: readonly TensorData[];
  readonly outputs: readonly TensorData[];
}

export function traceOf(outputs: readonly TensorData[]): Trace {
  const nodes: LazyNode[] = [];
  const leaves: TensorData[] = [];
  const seen = new Set<TensorData | LazyNode>();
  const stack: LazyNode[] = [];
  const next: number[] = [];
  const visit = (data: TensorData) => {
    const found = data.node ?? data;
    if (seen.has(found)) return;
    seen.add(found);
    if (data.node) {
      stack.push(data.node);
      next.push(0);
    } else leaves.push(data);
  };
  for (const output of outputs) {
    visit(output);
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      const input = node.inputs[next[next.length - 1]!++];
      if (input) visit(input.data);
      else {
        nodes.push(node);
        stack.pop();
        next.pop();
      }
    }
  }
  return { nodes, leaves, outputs };
}
