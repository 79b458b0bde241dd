export function assertWithin(who: string, index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    throw new RangeError(`${who}: the index must be a whole number from 0 to ${length - 1}, got ${index}.`);
  }
}
