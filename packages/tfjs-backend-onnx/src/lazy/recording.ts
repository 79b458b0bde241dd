/**
 * What is recorded since the last evaluation, as words: nodes, their wiring and the types of what they read, but not its
 * values. Equal words mean equal structure, and they are written as the nodes come: whether a step was seen before takes
 * one comparison of integers.
 */
import { ELEMENT_TYPES } from "../onnx/element-type.js";
import { sameShape } from "../onnx/shape.js";
import type { LazyInput, LazyNode, TensorData } from "./tensor-data.js";

export class Recording {
  /** Evaluated data that nodes read, in the order in which they did so first. */
  readonly leaves: TensorData[] = [];
  /** Nodes recorded. */
  nodes = 0;
  /** So many results the nodes have: the places of those recorded next start here. */
  results = 0;
  private words = new Int32Array(1024);
  private length = 0;
  /** Tells this recording's places from those of the ones before. */
  id = nextId();

  get isEmpty(): boolean {
    return this.nodes === 0;
  }

  /**
   * A call's number, the number of its inputs and a word for each: twice its place, negative for leaves, and one more
   * where another shape follows. A leaf that is new is described behind its word.
   */
  add({ call, inputs, outputs }: LazyNode): void {
    this.nodes += 1;
    this.push(call.number);
    this.push(inputs.length);
    for (let i = 0; i < inputs.length; i += 1) this.addInput(inputs[i]!);
    for (let i = 0; i < outputs.length; i += 1) this.place(outputs[i]!, this.results++);
  }

  /** The words so far and the places of the outputs; valid until the next call. */
  key(outputs: readonly TensorData[]): Int32Array {
    const { length } = this;
    this.push(0); // no call has this number
    for (let i = 0; i < outputs.length; i += 1) this.push(outputs[i]!.place);
    const key = this.words.subarray(0, this.length);
    this.length = length;
    return key;
  }

  clear(): void {
    this.leaves.length = 0;
    this.nodes = 0;
    this.results = 0;
    this.length = 0;
    this.id = nextId();
  }

  private addInput({ data, shape }: LazyInput): void {
    const isReshaped = sameShape(shape, data.shape) ? 0 : 1;
    if (data.node) this.push(2 * data.place + isReshaped);
    else if (data.recording === this.id) this.push(-1 - (2 * data.place + isReshaped));
    else {
      this.place(data, this.leaves.push(data) - 1);
      this.push(-1 - (2 * data.place + isReshaped));
      this.push(2 * ELEMENT_TYPES[data.stored] + (data.scalar === undefined && !data.numbers ? 0 : 1));
      this.pushShape(data.shape);
    }
    if (isReshaped) this.pushShape(shape);
  }

  private place(data: TensorData, place: number): void {
    data.recording = this.id;
    data.place = place;
  }

  private pushShape(shape: readonly number[]): void {
    this.push(shape.length);
    for (let axis = 0; axis < shape.length; axis += 1) this.push(shape[axis]!);
  }

  private push(word: number): void {
    if (this.length === this.words.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[this.length++] = word;
  }
}

export function sameKey(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** FNV-1a over words; equality is checked on the whole key, so collisions only cost time. */
export function hashOf(key: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key[i]!, 0x01000193);
  return hash >>> 0;
}

/** No two recordings share one, of whatever engine; 0 is none's. */
function nextId(): number {
  ids += 1;
  return ids;
}
let ids = 0;
