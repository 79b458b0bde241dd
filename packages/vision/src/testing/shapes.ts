/**
 * Images of a circle and a square each on noise, with the mask and the boxes: what dense answers are tried on.
 */
import { createRandom, encodePng } from "@autodidact/core";

/** Left, top, width, height. */
type Box = readonly [x: number, y: number, width: number, height: number];

export interface DrawnShapes {
  readonly pixels: Uint8Array;
  /** 0 background, 1 circle, 2 square. */
  readonly mask: Uint8Array;
  /** Of the circle, then of the square. */
  readonly boxes: readonly Box[];
}

/** Side × side × 3 bytes; circles bright, squares dark, in any tint. */
export function drawShapes(seed: number, side: number): DrawnShapes {
  const random = createRandom(seed);
  const pixels = Uint8Array.from({ length: side * side * 3 }, () => 100 + random.integer(56));
  const mask = new Uint8Array(side * side);
  const left = random.chance(0.5);
  const boxes = [1, 2].map((kind): Box => {
    const size = Math.round(side * random.uniform(0.25, 0.4));
    const [column, row] = [(kind === 1) === left ? 0 : side / 2, random.integer(side - size)];
    const [x, y] = [column + random.integer(Math.max(1, side / 2 - size)), row];
    const tint = [0, 1, 2].map(() => (kind === 1 ? 190 : 0) + random.integer(66));
    for (let at = 0; at < size * size; at += 1) {
      const [dx, dy] = [at % size, Math.floor(at / size)];
      const radius = size / 2;
      if (kind === 1 && Math.hypot(dx + 0.5 - radius, dy + 0.5 - radius) > radius) continue;
      const place = (y + dy) * side + x + dx;
      mask[place] = kind;
      pixels.set(tint, 3 * place);
    }
    return [x, y, size, size];
  });
  return { pixels, mask, boxes };
}

export const imageFile = ({ pixels }: DrawnShapes, side: number) =>
  encodePng({ pixels, height: side, width: side, channels: 3 });
export const maskFile = ({ mask }: DrawnShapes, side: number) =>
  encodePng({ pixels: mask, height: side, width: side, channels: 1 });
