/** A number in few digits: two decimals, more for small ones, a power of ten below 0.01. As tfjs-node prints losses. */
export function shortNumber(value: number): string {
  const isLarge = !Number.isFinite(value) || value === 0 || Math.abs(value) > 1;
  const decimals = isLarge ? 2 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return decimals > 4 ? value.toExponential(2) : value.toFixed(decimals);
}
