/**
 * Heat maps to boxes: each cell that is the highest among its neighbours is a centre.
 *
 * Zhou et al. 2019, https://arxiv.org/abs/1904.07850, section 3, "From points to bounding boxes".
 */
import type { Box } from "./coco-file.js";

/** @autodidact/evaluate's `FoundBox`. */
export interface FoundBox {
  readonly box: Box;
  readonly label: number;
  /** 0 to 1. */
  readonly score: number;
}

export interface CentreMaps {
  /** [side, side, classes], 0 to 1. */
  readonly heat: ArrayLike<number>;
  /** [side, side, 4]: width and height in cells, offset from left and top. */
  readonly places: ArrayLike<number>;
  readonly side: number;
  readonly classes: number;
}

/** As many as COCO judges. */
const MOST = 100;

/** By falling score, in pixels of the image as it was; cut at its borders; what has no width or height is left out. */
export function decodeCentres(
  { heat, places, side, classes }: CentreMaps,
  { height, width }: { height: number; width: number },
): FoundBox[] {
  const peaks: { place: number; label: number; score: number }[] = [];
  for (let place = 0; place < side * side; place += 1) {
    for (let label = 0; label < classes; label += 1) {
      if (isPeak(heat, { place, label, side, classes }))
        peaks.push({ place, label, score: heat[place * classes + label]! });
    }
  }
  peaks.sort((a, b) => b.score - a.score);
  const [across, down] = [width / side, height / side];
  const boxes = peaks.map(({ place, label, score }): FoundBox => {
    const [w, h, x, y] = [0, 1, 2, 3].map((number) => places[4 * place + number]!) as [number, number, number, number];
    const [centreX, centreY] = [((place % side) + x) * across, (Math.floor(place / side) + y) * down];
    const half = [Math.max(0, w * across) / 2, Math.max(0, h * down) / 2] as const;
    const [left, right] = [centreX - half[0], centreX + half[0]].map((edge) => Math.min(Math.max(edge, 0), width));
    const [top, bottom] = [centreY - half[1], centreY + half[1]].map((edge) => Math.min(Math.max(edge, 0), height));
    return { box: [left!, top!, right! - left!, bottom! - top!], label, score };
  });
  return boxes.filter(({ box: [, , w, h] }) => w > 0 && h > 0).slice(0, MOST); // a size of nothing is no object
}

interface Cell {
  readonly place: number;
  readonly label: number;
  readonly side: number;
  readonly classes: number;
}

/** As high as each of its eight neighbours. */
function isPeak(heat: ArrayLike<number>, { place, label, side, classes }: Cell): boolean {
  const own = heat[place * classes + label]!;
  const [row, column] = [Math.floor(place / side), place % side];
  for (let y = Math.max(0, row - 1); y <= Math.min(side - 1, row + 1); y += 1) {
    for (let x = Math.max(0, column - 1); x <= Math.min(side - 1, column + 1); x += 1) {
      if (heat[(y * side + x) * classes + label]! > own) return false;
    }
  }
  return true;
}
