/** Bytes as Latin-1 letters; fewer where the bytes end. */
export function text(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
