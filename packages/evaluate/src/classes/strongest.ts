/**
 * The k greatest of many values by a bounded heap: one comparison for each value that does not make it.
 */
export interface Strongest {
  /** Indices of the kept values, in no order. Ties keep the earlier index. */
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** A reusable finder, so that a block of queries allocates once. The result is overwritten by the next call. */
export function strongestFinder(k: number): (values: Float32Array, from: number, to: number) => Strongest {
  const kept: Strongest = { indices: new Int32Array(k), values: new Float64Array(k) };
  const { indices, values: heap } = kept; // heap[0] is the weakest kept

  /** Of two equal values the later index is the weaker. */
  const weaker = (a: number, b: number) => heap[a]! < heap[b]! || (heap[a]! === heap[b]! && indices[a]! > indices[b]!);
  const swap = (a: number, b: number) => {
    const value = heap[a]!;
    const index = indices[a]!;
    heap[a] = heap[b]!;
    indices[a] = indices[b]!;
    heap[b] = value;
    indices[b] = index;
  };
  const sink = (start: number) => {
    let node = start;
    for (;;) {
      const left = 2 * node + 1;
      if (left >= k) return;
      const child = left + 1 < k && weaker(left + 1, left) ? left + 1 : left;
      if (!weaker(child, node)) return;
      swap(child, node);
      node = child;
    }
  };

  return (values, from, to) => {
    for (let i = 0; i < k; i++) {
      heap[i] = values[from + i]!;
      indices[i] = i;
    }
    for (let node = (k >> 1) - 1; node >= 0; node--) sink(node);
    let weakest = heap[0]!;
    for (let i = from + k; i < to; i++) {
      const value = values[i]!;
      if (value <= weakest) continue;
      heap[0] = value;
      indices[0] = i - from;
      sink(0);
      weakest = heap[0]!;
    }
    return kept;
  };
}
