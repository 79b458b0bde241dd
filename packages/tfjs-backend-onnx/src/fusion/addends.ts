/** Vectors that are added to every row of a product become part of it: its sums begin with them, and a pass over memory falls away. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import { KERNEL_DOMAIN, neededNodes } from "../onnx/model.js";
import { sizeOf } from "../onnx/shape.js";
import type { GraphNode, Value } from "../onnx/value.js";

/** Gives outputs that compute the same. */
export function joinAddends(graph: GraphBuilder, outputs: readonly Value[]): Value[] {
  const nodes = neededNodes(outputs);
  const uses = countUses(nodes, outputs);
  const values = new Map<Value, Value>();
  const now = (value: Value) => values.get(value) ?? value;
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => input && now(input));
    const sum = joined(graph, node, inputs, (value) => uses.get(value) === 1);
    if (!sum && inputs.every((input, i) => input === node.inputs[i])) continue;
    const made = sum ? [sum] : graph.op(node.type, inputs, node.attributes, node.outputs, node.domain);
    node.outputs.forEach((output, i) => {
      values.set(output, made[i]!);
    });
  }
  return outputs.map(now);
}

function countUses(nodes: readonly GraphNode[], outputs: readonly Value[]): Map<Value, number> {
  const uses = new Map<Value, number>();
  for (const value of [...nodes.flatMap(({ inputs }) => inputs), ...outputs])
    if (value) uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

/** The sum of a product and a vector as one node; undefined for other nodes. `inputs` are the node's as they are now. */
function joined(
  graph: GraphBuilder,
  node: GraphNode,
  inputs: readonly (Value | undefined)[],
  isReadOnce: (before: Value) => boolean,
): Value | undefined {
  if (node.type !== "Add" || node.domain !== "") return undefined;
  const [result] = node.outputs;
  for (const place of [0, 1]) {
    const product = productBehind(node.inputs[place]!, inputs[place]!, isReadOnce);
    const addend = inputs[1 - place]!;
    const columns = result!.shape.at(-1);
    if (!product || addend.uniform !== undefined || addend.shape.at(-1) !== columns || sizeOf(addend.shape) !== columns)
      continue;
    if (product.outputs[0]!.shape.at(-1) !== columns || sizeOf(product.outputs[0]!.shape) !== sizeOf(result!.shape))
      continue;
    const terms = [...product.inputs, graph.reshape(addend, [columns])];
    const [sum] = graph.op("MatMul", terms, product.attributes, product.outputs, KERNEL_DOMAIN);
    return graph.reshape(sum!, result!.shape);
  }
  return undefined;
}

/** The product that nothing else reads, itself or reshaped. */
function productBehind(before: Value, now: Value, isReadOnce: (before: Value) => boolean): GraphNode | undefined {
  if (!isReadOnce(before)) return undefined;
  const node = now.node;
  if (node?.type === "Reshape" && node.domain === "")
    return productBehind(before.node!.inputs[0]!, node.inputs[0]!, isReadOnce);
  return node?.type === "MatMul" && node.domain === KERNEL_DOMAIN && node.inputs.length === 2 ? node : undefined;
}
