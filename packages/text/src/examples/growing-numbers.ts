/**
 * A list of unsigned numbers at four bytes each.
 */
export interface GrowingNumbers {
  add(number: number): void;
  /** A copy of exactly what was added. */
  numbers(): Uint32Array;
}

export function growingNumbers(): GrowingNumbers {
  let numbers = new Uint32Array(1024);
  let length = 0;
  return {
    add(number) {
      if (length === numbers.length) {
        const larger = new Uint32Array(2 * length);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[length++] = number;
    },
    numbers: () => numbers.slice(0, length),
  };
}
