/**
 * A graph that is too large to be fused as one is fused in pieces: which programs may join is asked of sets as long as the graph, so that
 * their cost grows with its square.
 *
 * An example: of 20,000 nodes in order the first 8,192 are a piece. It is written again by itself; what others read of it are its outputs.
 * The second piece reads these as inputs that nobody makes, so that nothing there looks behind them. After it is fused, what the first
 * piece has made takes their places.
 */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import type { GraphNode, Value } from "../onnx/value.js";

/** Graphs of so many nodes are fused as one. */
export const LARGEST_PIECE = 8192;

/** `nodes` are those behind the outputs, each after those it reads. */
export function fuseInPieces(
  graph: GraphBuilder,
  nodes: readonly GraphNode[],
  outputs: readonly Value[],
  fuse: (outputs: readonly Value[]) => readonly Value[],
  largest = LARGEST_PIECE,
): Value[] {
  /** What stands for a value of the whole graph in later pieces, and what has that place in the end. */
  const standIns = new Map<Value, Value>();
  const made = new Map<Value, Value>();
  const lastReader = lastReaders(nodes, outputs);
  for (let from = 0; from < nodes.length; from += largest) {
    const piece = nodes.slice(from, from + largest);
    const copies = copied(graph, piece, standIns);
    const isRead = (value: Value) => value.uniform === undefined && lastReader.get(value)! >= from + largest;
    const leaving = piece.flatMap((node) => node.outputs.filter(isRead));
    const fused = fuse(leaving.map((value) => copies.get(value) ?? value));
    const written = copied(graph, neededNodes(fused), made);
    for (const [i, value] of leaving.entries()) {
      const standIn: Value = { shape: value.shape, type: value.type, name: `${value.name}:${from}` };
      standIns.set(value, standIn);
      made.set(standIn, written.get(fused[i]!) ?? made.get(fused[i]!) ?? fused[i]!);
    }
  }
  return outputs.map((value) => made.get(standIns.get(value)!) ?? value);
}

/** The place of the last node that reads a value; outputs are read at the end. */
function lastReaders(nodes: readonly GraphNode[], outputs: readonly Value[]): ReadonlyMap<Value, number> {
  const last = new Map<Value, number>();
  for (const [i, { inputs, outputs: own }] of nodes.entries()) {
    for (const value of own) last.set(value, -1);
    for (const input of inputs) if (input) last.set(input, i);
  }
  for (const output of outputs) last.set(output, Number.POSITIVE_INFINITY);
  return last;
}

/** Writes the nodes that read one of `others`' keys again, with what stands for it; gives what stands for their outputs. */
function copied(
  graph: GraphBuilder,
  nodes: readonly GraphNode[],
  others: ReadonlyMap<Value, Value>,
): ReadonlyMap<Value, Value> {
  const copies = new Map<Value, Value>();
  for (const { type, domain, inputs, attributes, outputs } of nodes) {
    const now = inputs.map((input) => input && (copies.get(input) ?? others.get(input) ?? input));
    if (now.every((input, i) => input === inputs[i])) continue;
    const values = graph.op(type, now, attributes, outputs, domain);
    for (const [i, output] of outputs.entries()) copies.set(output, values[i]!);
  }
  return copies;
}
