/**
 * A trace: the nodes that a set of tensors still needs, in order, and a key that equals for equal structures.
 */
import type { Interner } from "./interning.js";
import type { LazyNode, TensorData } from "./tensor-data.js";

export interface Trace {
  /** Every node follows those it reads from. */
  readonly nodes: readonly LazyNode[];
  /** Evaluated data that the nodes read. */
  readonly leaves: readonly TensorData[];
  readonly outputs: readonly TensorData[];
  /** Describes nodes, their wiring, leaves' types and outputs; not the leaves' values. */
  readonly key: Int32Array;
  /** A hash of the key. */
  readonly hash: number;
}

/** `dynamic` leaves are inputs whatever they hold; other single numbers may become constants. */
export function traceOf(outputs: readonly TensorData[], interner: Interner, isDynamic: (leaf: TensorData) => boolean): Trace {
  const nodes: LazyNode[] = [];
  const leaves: TensorData[] = [];
  const key = new KeyWriter();
  /** Leaves count down from −1; nodes count up from 0. */
  const places = new Map<TensorData | LazyNode, number>();

  const placeLeaf = (leaf: TensorData) => {
    places.set(leaf, -leaves.push(leaf));
    const constant = leaf.scalar !== undefined && !isDynamic(leaf);
    key.push(constant ? -2 : -1, interner.number(`${leaf.dtype}[${leaf.shape}]`));
  };

  const stack: LazyNode[] = [];
  const next: number[] = [];
  const visit = (data: TensorData) => {
    if (!data.node) {
      if (!places.has(data)) placeLeaf(data);
    } else if (!places.has(data.node)) {
      places.set(data.node, Number.NaN); // on the stack
      stack.push(data.node);
      next.push(0);
    }
  };
  const placeNode = (node: LazyNode) => {
    places.set(node, nodes.push(node) - 1);
    key.push(-3, node.key);
    for (const { data } of node.inputs) {
      if (data.node) key.push(places.get(data.node)!, data.outputIndex);
      else key.push(places.get(data)!);
    }
  };

  for (const output of outputs) {
    visit(output);
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      const input = node.inputs[next[next.length - 1]!++];
      if (input) visit(input.data);
      else {
        placeNode(node);
        stack.pop();
        next.pop();
      }
    }
  }
  key.push(-4);
  for (const output of outputs) {
    if (output.node) key.push(places.get(output.node)!, output.outputIndex);
    else key.push(places.get(output)!);
  }
  const words = key.finish();
  return { nodes, leaves, outputs, key: words, hash: hashOf(words) };
}

export function sameKey(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** FNV-1a over words; equality is checked on the whole key, so collisions only cost time. */
function hashOf(words: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i += 1) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash >>> 0;
}

class KeyWriter {
  private words = new Int32Array(256);
  private length = 0;

  push(...values: number[]): void {
    if (this.length + values.length > this.words.length) {
      const larger = new Int32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    for (const value of values) this.words[this.length++] = value;
  }

  finish(): Int32Array {
    return this.words.slice(0, this.length);
  }
}
