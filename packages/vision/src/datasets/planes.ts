/**
 * Planes of red, green and blue to pixels.
 */
export interface PlaneOptions {
  /** Side of planes that are stored column by column (STL-10); row by row unless told. */
  columnsOf?: number;
}

export function interleavePlanes(planes: Uint8Array, { columnsOf }: PlaneOptions = {}): Uint8Array {
  const area = planes.length / 3;
  const pixels = new Uint8Array(planes.length);
  for (let place = 0; place < area; place++) {
    const at = columnsOf === undefined ? place : (place % columnsOf) * columnsOf + Math.floor(place / columnsOf);
    for (let channel = 0; channel < 3; channel++) pixels[3 * place + channel] = planes[channel * area + at]!;
  }
  return pixels;
}
