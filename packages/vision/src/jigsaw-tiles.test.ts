import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { range, reshape, type Tensor4D, tensor2d, tensor4d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { cutTiles, drawTiles, normalizeTiles, puzzleLayout } from "./jigsaw-tiles.js";

beforeAll(useTestBackend);
afterAll(useTestBackend);

const identity = (tiles: number) => Uint8Array.from({ length: tiles }, (_, tile) => tile);

describe("puzzleLayout", () => {
  it("has the authors' cells and tiles, and their shares of other sizes", () => {
    const sizes = (view: number, grid: number) => {
      const { cell, tile } = puzzleLayout(view, grid);
      return [cell, tile];
    };
    expect(sizes(255, 3)).toEqual([85, 64]);
    expect(sizes(32, 3)).toEqual([10, 8]);
    expect(sizes(32, 2)).toEqual([16, 12]);
    expect(sizes(96, 3)).toEqual([32, 24]);
    expect(sizes(15, 3)).toEqual([5, 4]); // a tile leaves a gap of one pixel at least
  });

  it("refuses what would leave nothing to see", () => {
    expect(() => puzzleLayout(14, 3)).toThrow(
      /views of 14 pixels cut into 3 × 3 give 3\. Take larger views, or grid: 2/,
    );
    expect(() => puzzleLayout(64, 4)).toThrow("grid must be 2 or 3, got 4");
  });
});

describe("drawTiles", () => {
  const layout = puzzleLayout(32, 3); // cells of 10, tiles of 8, one pixel of margin

  it("keeps each tile in its cell, and reaches every place in it", () => {
    const { starts, labels } = drawTiles(400, [identity(9)], layout, createRandom(1));
    expect([starts.shape, starts.dtype, labels.dtype]).toEqual([[400, 9], "int32", "int32"]);
    const seen = Array.from({ length: 9 }, () => new Set<string>());
    for (const [i, start] of starts.dataSync().entries()) {
      const [row, column, tile] = [Math.floor(start / 32), start % 32, i % 9];
      const [down, right] = [row - 1 - 10 * Math.floor(tile / 3), column - 1 - 10 * (tile % 3)];
      seen[tile]!.add(`${down} ${right}`);
    }
    const everywhere = [0, 1, 2].flatMap((down) => [0, 1, 2].map((right) => `${down} ${right}`));
    for (const places of seen) expect([...places].sort()).toEqual(everywhere); // a gap of 2 pixels in all
  });

  it("puts the tiles in the order of their label, and takes every order", () => {
    const orders = [identity(9), identity(9).reverse()];
    const { starts, labels } = drawTiles(50, orders, layout, createRandom(2));
    const firsts = starts.dataSync().filter((_, i) => i % 9 === 0);
    expect(new Set(labels.dataSync())).toEqual(new Set([0, 1]));
    labels.dataSync().forEach((label, n) => {
      expect(firsts[n]! < 32 * 10, `image ${n}`).toBe(label === 0); // the first place shows the first cell, or the last
    });
  });
});

for (const engine of ["cpu", "onnx"] as const) {
  test(`tiles are cut to the bit, on ${engine}`, async () => {
    await chooseEngine({ engine });
    const views = reshape(range(0, 2 * 4 * 4 * 2), [2, 4, 4, 2]) as Tensor4D; // pixel p of image n holds 32n + 2p and one more
    const tiles = cutTiles(views, tensor2d([[0, 10], [5, 2]], [2, 2], "int32"), 2); // biome-ignore format: rows
    expect(tiles.shape).toEqual([4, 2, 2, 2]);
    const tile = (image: number, start: number) =>
      [start, start + 1, start + 4, start + 5].flatMap((pixel) => [32 * image + 2 * pixel, 32 * image + 2 * pixel + 1]);
    expect([...tiles.dataSync()]).toEqual([...tile(0, 0), ...tile(0, 10), ...tile(1, 5), ...tile(1, 2)]);
  });
}

test("a normalised tile tells nothing of its brightness and contrast", () => {
  const pixels = [1, 2, 3, 6];
  const tiles = tensor4d([...pixels, ...pixels.map((value) => 100 * value - 40)], [2, 2, 2, 1]);
  const [one, other] = [0, 1].map((tile) => [...normalizeTiles(tiles).dataSync()].slice(4 * tile, 4 * tile + 4));
  const deviation = Math.sqrt((4 + 1 + 0 + 9) / 4); // about the mean 3
  for (const [i, value] of one!.entries()) {
    expect(value).toBeCloseTo((pixels[i]! - 3) / deviation, 4);
    expect(value).toBeCloseTo(other![i]!, 4);
  }
  expect([...normalizeTiles(zeros([1, 2, 2, 3])).dataSync()]).toEqual(Array(12).fill(0));
});
