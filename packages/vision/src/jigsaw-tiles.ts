/**
 * The tiles of a jigsaw puzzle: where they are, how they are cut out of views and made alike in brightness and contrast.
 */
import type { Random } from "@autodidact/core";
import {
  add,
  gather,
  mean,
  mul,
  range,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";

export interface PuzzleLayout {
  /** Cells along a side. */
  readonly grid: number;
  /** Pixels along a side of the view, of a cell and of a tile; a tile is smaller than its cell, which leaves a gap of chance. */
  readonly view: number;
  readonly cell: number;
  readonly tile: number;
}

const SMALLEST = 4;

/** Tiles of 64 in cells of 85 pixels, as the authors', or as near to it as whole pixels come. */
export function puzzleLayout(view: number, grid: number): PuzzleLayout {
  if (grid !== 2 && grid !== 3) throw new RangeError(`jigsaw: grid must be 2 or 3, got ${grid}.`);
  const cell = Math.floor(view / grid);
  const tile = Math.min(cell - 1, Math.round((cell * 64) / 85));
  if (tile < SMALLEST) {
    throw new RangeError(
      `jigsaw: a tile must have ${SMALLEST} pixels a side at least, and views of ${view} pixels cut into ${grid} × ${grid} give ${tile}. ` +
        `Take larger views${grid === 3 ? ", or grid: 2" : ""}.`,
    );
  }
  return { grid, view, cell, tile };
}

/**
 * A puzzle for each of n images: which of `orders` it is, int32 [N], and where each place's tile begins, its row times the view's side plus
 * its column, int32 [N, T]. Place p of order o shows the tile of cell o[p], counted row by row.
 */
export function drawTiles(n: number, orders: readonly Uint8Array[], layout: PuzzleLayout, chance: Random) {
  const { grid, view, cell, tile } = layout;
  const margin = Math.floor((view - grid * cell) / 2);
  const begin = (index: number) => margin + index * cell + chance.integer(cell - tile + 1);
  const labels = Int32Array.from({ length: n }, () => chance.integer(orders.length));
  const starts = Array.from(labels, (label) =>
    Array.from(orders[label]!, (place) => begin(Math.floor(place / grid)) * view + begin(place % grid)),
  );
  return {
    starts: tensor2d(starts.flat(), [n, grid ** 2], "int32"),
    labels: tensor1d(labels, "int32"),
  };
}

/** Tiles [N·T, tile, tile, C] of views [N, S, S, C]: pixels are picked, none is computed. */
export function cutTiles(views: Tensor4D, starts: Tensor2D, tile: number): Tensor4D {
  const [n, side, , channels] = views.shape;
  const images = range(0, n * side ** 2, side ** 2, "int32"); // where each begins
  const rows = range(0, tile * side, side, "int32");
  const columns = range(0, tile, 1, "int32");
  const corners = reshape(add(starts, reshape(images, [n, 1])), [-1, 1, 1]); // [N·T, 1, 1]
  const places = add(corners, add(reshape(rows, [tile, 1]), columns)); // [N·T, tile, tile]
  return gather(reshape(views, [n * side ** 2, channels]), places as Tensor1D) as unknown as Tensor4D;
}

/** Each tile by its own mean and deviation, over pixels and channels: neither brightness nor contrast tells where it was. */
export function normalizeTiles(tiles: Tensor4D): Tensor4D {
  const centred = sub(tiles, mean(tiles, [1, 2, 3], true));
  const variance = mean(square(centred), [1, 2, 3], true); // [N·T, 1, 1, 1]
  return mul(centred, rsqrt(add(variance, 1e-5))); // a tile without contrast is 0
}
