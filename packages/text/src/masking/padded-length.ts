/** The length that sequences are filled up to: few different ones, so that few steps are compiled. */
export function paddedLength(length: number, maxLength: number): number {
  return Math.max(length, Math.min(maxLength, Math.ceil(length / 16) * 16));
}
