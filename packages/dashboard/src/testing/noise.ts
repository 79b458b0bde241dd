/**
 * Numbers that look drawn and are always the same.
 */

/** From 0 to 1. */
export function noise(place: number): number {
  const value = Math.sin(place * 12.9898 + 78.233) * 43_758.5453;
  return value - Math.floor(value);
}

/** About normal, mean 0 and deviation 1: twelve uniform ones. */
export function bell(place: number): number {
  return Array.from({ length: 12 }, (_, draw) => noise(12 * place + draw)).reduce((sum, own) => sum + own, -6);
}
