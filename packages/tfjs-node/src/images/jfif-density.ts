/** How many pixels of a JPEG make an inch or a centimetre, as its JFIF segment says (ITU-T T.871, clause 10.1). */
export interface Density {
  readonly unit: "in" | "cm";
  readonly x: number;
  readonly y: number;
}

const JFIF = [0xff, 0xe0, 0, 16, ...Buffer.from("JFIF"), 0, 1, 1];
const START_OF_IMAGE = 2;

/** The same file with the density: in its JFIF segment, or in one that is put first, where libvips wrote none. */
export function withDensity(file: Uint8Array, { unit, x, y }: Density): Uint8Array {
  for (const [axis, value] of Object.entries({ xDensity: x, yDensity: y })) {
    if (!Number.isInteger(value) || value < 1 || value > 65_535)
      throw new Error(`tf.node.encodeJpeg: ${axis} must be a whole number from 1 to 65535, got ${value}.`);
  }
  const hasSegment = file[START_OF_IMAGE + 1] === JFIF[1];
  const rest = file.subarray(hasSegment ? START_OF_IMAGE + 18 : START_OF_IMAGE);
  const density = [unit === "in" ? 1 : 2, x >> 8, x & 255, y >> 8, y & 255];
  const segment = [...JFIF, ...density, 0, 0]; // no thumbnail
  return new Uint8Array(Buffer.concat([file.subarray(0, START_OF_IMAGE), Uint8Array.from(segment), rest]));
}
