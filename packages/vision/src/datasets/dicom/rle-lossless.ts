/**
 * DICOM's RLE Lossless: PS3.5, annex G. A frame is up to 15 segments, each of one byte of one sample of all pixels, packed as PackBits.
 */

/** Where it ends before its pixels do. */
export class ShortFrameError extends Error {}

/** Two packed bytes are 128 at most: nothing is made for a header that promises more. */
const MOST_PACKED = 64;

/** A frame's segments, most significant byte first for each sample: [samples × bytes a sample][pixels]. */
export function unpackRle(frame: Uint8Array, { segments, pixels }: { segments: number; pixels: number }): Uint8Array[] {
  if (frame.length < 64) throw new ShortFrameError("its RLE header is cut off");
  const header = new DataView(frame.buffer, frame.byteOffset, 64);
  const count = header.getUint32(0, true);
  if (count !== segments) throw new ShortFrameError(`its RLE frame has ${count} segments, not ${segments}`);
  return Array.from({ length: count }, (_, place) => {
    const start = header.getUint32(4 + 4 * place, true);
    const end = place + 1 < count ? header.getUint32(8 + 4 * place, true) : frame.length;
    if (pixels > MOST_PACKED * Math.max(0, end - start))
      throw new ShortFrameError("an RLE segment ends before its pixels do");
    return unpackBits(frame.subarray(start, end), pixels);
  });
}

/** n < 128: n + 1 bytes as they are; n > 128: the next byte 257 − n times; 128: nothing. */
function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const unpacked = new Uint8Array(length);
  let [from, into] = [0, 0];
  while (into < length) {
    if (from >= packed.length) throw new ShortFrameError("an RLE segment ends before its pixels do");
    const n = packed[from++]!;
    if (n < 128) {
      const run = packed.subarray(from, Math.min(from + n + 1, from + length - into));
      unpacked.set(run, into);
      [from, into] = [from + n + 1, into + n + 1];
    } else if (n > 128) {
      unpacked.fill(packed[from++] ?? 0, into, into + 257 - n);
      into += 257 - n;
    }
  }
  return unpacked;
}
