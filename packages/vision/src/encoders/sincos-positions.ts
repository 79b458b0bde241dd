/**
 * Fixed positions of patches in two dimensions: sines and cosines of the column, then of the row.
 *
 * As in MAE's code, https://github.com/facebookresearch/mae (util/pos_embed.py), and MoCo v3's.
 */

/** [1 + side², size] in row-major order: zeros for [CLS], then each patch, row by row. `size` is divisible by 4. */
export function sincosPositions(size: number, side: number): Float32Array {
  if (size % 4 !== 0) throw new RangeError(`sincosPositions: the size must be divisible by 4, got ${size}.`);
  const quarter = size / 4;
  const positions = new Float32Array((1 + side * side) * size);
  for (let place = 0; place < side * side; place += 1) {
    const [row, column] = [Math.floor(place / side), place % side];
    for (let i = 0; i < quarter; i += 1) {
      const frequency = 10_000 ** (-i / quarter);
      const values = [
        Math.sin(column * frequency),
        Math.cos(column * frequency),
        Math.sin(row * frequency),
        Math.cos(row * frequency),
      ];
      for (const [part, value] of values.entries()) positions[(1 + place) * size + part * quarter + i] = value;
    }
  }
  return positions;
}
