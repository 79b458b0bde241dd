/**
 * LZW as TIFF packs it: codes of 9 to 12 bits, highest bit first, one wider one code early. TIFF 6.0, section 13.
 */
const CLEAR = 256;
const END = 257;
const MOST_CODES = 4096;

/** At most `size` bytes; fewer where the codes end before; undefined where they are none. */
export function unpackLzw(packed: Uint8Array, size: number): Uint8Array | undefined {
  const made = new Uint8Array(size);
  const [starts, lengths] = [new Int32Array(MOST_CODES + 1), new Int32Array(MOST_CODES + 1)]; // a code's bytes lie where they were made
  let [filled, next, bits, position] = [0, END + 1, 9, 0];
  let before: { start: number; length: number } | undefined;
  while (filled < size && position + bits <= 8 * packed.length) {
    const code = codeAt(packed, position, bits);
    position += bits;
    if (code === END) break;
    if (code === CLEAR) {
      [next, bits, before] = [END + 1, 9, undefined];
      continue;
    }
    const start = filled;
    if (code < CLEAR) made[filled++] = code;
    else if (code < next) filled = copied(made, { from: starts[code]!, length: lengths[code]!, into: filled });
    else if (code === next && before !== undefined)
      filled = copied(made, { from: before.start, length: before.length + 1, into: filled });
    else return undefined;
    if (before !== undefined && next < MOST_CODES) {
      [starts[next], lengths[next]] = [before.start, before.length + 1]; // the code before and the first byte of this one follow each other
      next += 1;
    }
    before = { start, length: filled - start };
    if (next + 1 >= 2 ** bits && bits < 12) bits += 1;
  }
  return made.subarray(0, filled);
}

function codeAt(packed: Uint8Array, position: number, bits: number): number {
  const byte = position >> 3;
  const three = ((packed[byte] ?? 0) << 16) | ((packed[byte + 1] ?? 0) << 8) | (packed[byte + 2] ?? 0);
  return (three >> (24 - bits - (position & 7))) & ((1 << bits) - 1);
}

/** Byte by byte: a code may repeat what it itself makes. */
function copied(made: Uint8Array, { from, length, into }: { from: number; length: number; into: number }): number {
  const end = Math.min(made.length, into + length);
  for (let i = 0; into + i < end; i++) made[into + i] = made[from + i]!;
  return end;
}
