/**
 * A trace: the nodes that a set of tensors still needs, in order, and a key that equals for equal structures.
 */
import { sameShape } from "../onnx/shape.js";
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

/** Words that say what the next ones are; the rest of a key is counts and interned numbers, which are not negative. */
const [BOUND, CONSTANT, NODE, LEAF, OUTPUT, RESHAPED, RESULTS] = [-1, -2, -3, -4, -5, -6, -7];

/** `dynamic` leaves are inputs whatever they hold; other single numbers may become constants. */
export function traceOf(
  outputs: readonly TensorData[],
  interner: Interner,
  isDynamic: (leaf: TensorData) => boolean,
): Trace {
  const nodes: LazyNode[] = [];
  const leaves: TensorData[] = [];
  const key = new KeyWriter();
  /** Of leaves among the leaves, of nodes among the nodes. */
  const places = new Map<TensorData | LazyNode, number>();

  const placeLeaf = (leaf: TensorData) => {
    places.set(leaf, leaves.push(leaf) - 1);
    const isConstant = leaf.scalar !== undefined && !isDynamic(leaf);
    key.push(isConstant ? CONSTANT : BOUND, interner.number(`${leaf.dtype}[${leaf.shape}]`));
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
  const pushPlace = (data: TensorData) => {
    if (data.node) key.push(OUTPUT, places.get(data.node)!, data.outputIndex);
    else key.push(LEAF, places.get(data)!);
  };
  const placeNode = (node: LazyNode) => {
    places.set(node, nodes.push(node) - 1);
    key.push(NODE, node.key);
    for (const { data, shape } of node.inputs) {
      pushPlace(data);
      if (!sameShape(shape, data.shape)) key.push(RESHAPED, interner.number(`[${shape}]`));
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
  key.push(RESULTS);
  for (const output of outputs) pushPlace(output);
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

  push(word: number, second?: number, third?: number): void {
    if (this.length + 3 > this.words.length) {
      const larger = new Int32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[this.length++] = word;
    if (second !== undefined) this.words[this.length++] = second;
    if (third !== undefined) this.words[this.length++] = third;
  }

  finish(): Int32Array {
    return this.words.slice(0, this.length);
  }
}
