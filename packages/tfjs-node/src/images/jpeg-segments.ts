/** What stands before a JPEG's compressed data (ITU-T T.81, annex B). */

interface Segment {
  readonly marker: number;
  /** Of its first byte, 0xff, and of the byte after its last. */
  readonly from: number;
  readonly to: number;
}

const APP0 = 0xe0;
const APP14 = 0xee;
const START_OF_SCAN = 0xda;

/** 1 for gray, 3 for colours, 4 for inks; undefined where no frame begins before the file ends: the decoder tells what is wrong. */
export function componentsOf(file: Uint8Array): number | undefined {
  for (const { marker, from } of segmentsOf(file)) if (isStartOfFrame(marker)) return file[from + 9];
  return undefined;
}

/**
 * The file changed so that decoders take its Y, Cb and Cr for red, green and blue and leave them as they are: Y alone is the gray that
 * libjpeg gives. JFIF's segment, which says YCbCr, gives way to Adobe's with transform 0 (libjpeg, default_decompress_parms).
 */
export function withoutColourTransform(file: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [
    file.subarray(0, 2),
    Uint8Array.of(0xff, APP14, 0, 14, ...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, 0),
  ];
  let at = 2;
  for (const segment of segmentsOf(file)) {
    if (segment.marker !== APP0 && !isAdobe(file, segment)) kept.push(file.subarray(segment.from, segment.to));
    at = segment.to;
  }
  return Buffer.concat([...kept, file.subarray(at)]);
}

/** Up to the first scan. */
function* segmentsOf(file: Uint8Array): Generator<Segment> {
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff; ) {
    const marker = file[at + 1]!;
    if (marker === START_OF_SCAN) return;
    if (marker === 0xff)
      at += 1; // filling
    else {
      const to = at + 2 + (file[at + 2]! << 8) + file[at + 3]!;
      yield { marker, from: at, to };
      at = to;
    }
  }
}

const isAdobe = (file: Uint8Array, { marker, from }: Segment) =>
  marker === APP14 && Buffer.from(file.subarray(from + 4, from + 9)).toString("latin1") === "Adobe";

/** SOF0 to SOF15 but for DHT, JPG and DAC. */
const isStartOfFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
