/**
 * What a detector shall say of an image: a heat map of centres for each class; size and offset at each centre.
 *
 * Zhou et al. 2019, Objects as Points, https://arxiv.org/abs/1904.07850, section 3; the radius as CornerNet's (https://arxiv.org/abs/1808.01244).
 */
import type { BoxedImage } from "./open-detection.js";

export interface CentreTargets {
  /** [side, side, classes], 1 at centres, falling around them. */
  readonly heat: Float32Array;
  /** [side, side, 4]: width and height in cells, the centre's offset in its cell from left and top. */
  readonly places: Float32Array;
  /** [side, side], 1 where there is a centre. */
  readonly isCentre: Float32Array;
}

const LEAST_OVERLAP = 0.7;

/** `side` is that of the heat map in cells. Crowds say nothing. Of two centres in one cell the smaller object's is kept. */
export function centreTargets(
  { boxes, original }: Pick<BoxedImage, "boxes" | "original">,
  { side, classes }: { side: number; classes: number },
): CentreTargets {
  const heat = new Float32Array(side * side * classes);
  const places = new Float32Array(side * side * 4);
  const isCentre = new Float32Array(side * side);
  const [across, down] = [side / original.width, side / original.height];
  const within = (cell: number) => Math.min(Math.max(cell, 0), side - 1e-3);
  for (const { box, label } of boxes.filter(({ isCrowd }) => !isCrowd).sort((a, b) => b.area - a.area)) {
    const [width, height] = [box[2] * across, box[3] * down];
    const [x, y] = [within(box[0] * across + width / 2), within(box[1] * down + height / 2)];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const place = row * side + column;
    isCentre[place] = 1;
    places.set([width, height, x - column, y - row], 4 * place);
    const radius = Math.max(0, Math.floor(gaussianRadius(Math.ceil(height), Math.ceil(width))));
    const deviation = (2 * radius + 1) / 6;
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        const [toRow, toColumn] = [row + dy, column + dx];
        if (toRow < 0 || toColumn < 0 || toRow >= side || toColumn >= side) continue;
        const at = (toRow * side + toColumn) * classes + label;
        heat[at] = Math.max(heat[at]!, Math.exp(-(dx * dx + dy * dy) / (2 * deviation ** 2)));
      }
    }
  }
  return { heat, places, isCentre };
}

/** How far both corners may lie off, in cells, for the box still to overlap the true one by 0.7: the least of three cases. */
export function gaussianRadius(height: number, width: number): number {
  const o = LEAST_OVERLAP;
  const root = (a: number, b: number, c: number) => (b + Math.sqrt(b * b - 4 * a * c)) / 2;
  const both = height + width;
  const area = height * width;
  return Math.min(
    root(1, both, (area * (1 - o)) / (1 + o)),
    root(4, 2 * both, (1 - o) * area),
    root(4 * o, -2 * o * both, (o - 1) * area),
  );
}
