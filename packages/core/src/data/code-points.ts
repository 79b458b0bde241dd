/**
 * Orders that are the same on every machine, whatever its language.
 */

export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Numbers by their size, so that 10 comes after 9. */
export function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

/** Labels that are told are numbers or names; numbers come first. */
export function byNumberOrName(a: string, b: string): number {
  const [first, second] = [a, b].map((label) => Number.isFinite(Number(label)));
  if (first && second) return byNumber(a, b) || byCodePoint(a, b);
  return first === second ? byCodePoint(a, b) : Number(second) - Number(first);
}
