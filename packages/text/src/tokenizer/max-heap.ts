/**
 * A binary heap: the first of what is in it comes out first.
 */
export interface Heap<T> {
  push(value: T): void;
  pop(): T | undefined;
}

export function maxHeap<T>(goesBefore: (a: T, b: T) => boolean): Heap<T> {
  const values: T[] = [];
  return {
    push(value) {
      let place = values.length;
      values.push(value);
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!goesBefore(value, values[parent]!)) break;
        values[place] = values[parent]!;
        place = parent;
      }
      values[place] = value;
    },
    pop() {
      const top = values[0];
      const last = values.pop();
      if (values.length === 0 || last === undefined) return top;
      let place = 0;
      for (;;) {
        let child = 2 * place + 1;
        if (child >= values.length) break;
        if (child + 1 < values.length && goesBefore(values[child + 1]!, values[child]!)) child++;
        if (!goesBefore(values[child]!, last)) break;
        values[place] = values[child]!;
        place = child;
      }
      values[place] = last;
      return top;
    },
  };
}
