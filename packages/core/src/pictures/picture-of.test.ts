import { fill, tensor3d, tensor4d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import type { Picture } from "./picture.js";
import { pictureOf } from "./picture-of.js";

beforeAll(() => useTestBackend());

/** [x, y] from the upper left corner. */
function pixel({ pixels, width, channels }: Picture, x: number, y: number): number[] {
  const at = (y * width + x) * channels;
  return [...pixels.subarray(at, at + channels)];
}

test("a row a sample, a column a tensor, two white pixels between, cells enlarged", async () => {
  const input = tensor4d([0, 64, 128, 255, 10, 20, 30, 40], [2, 2, 2, 1], "int32");
  const reconstruction = tensor4d([0, 0.25, 0.5, 1, -3, 2, Number.NaN, 0.1], [2, 2, 2, 1]);
  const picture = await pictureOf({ input, nested: { reconstruction } });
  expect(picture).toMatchObject({ height: 128 + 2 + 128, width: 128 + 2 + 128, channels: 1 });

  const corners = [
    [0, 0],
    [64, 0],
    [0, 64],
    [127, 127],
  ] as const;
  expect(corners.map(([x, y]) => pixel(picture, x, y)[0])).toEqual([0, 64, 128, 255]);
  expect(corners.map(([x, y]) => pixel(picture, x + 130, y)[0])).toEqual([0, 64, 128, 255]); // 0.25 × 255 = 63.75
  expect(corners.map(([x, y]) => pixel(picture, x, y + 130)[0])).toEqual([10, 20, 30, 40]);
  expect(corners.map(([x, y]) => pixel(picture, x + 130, y + 130)[0])).toEqual([0, 255, 0, 26]); // beyond 0 to 1, and no number
  for (const gap of [128, 129]) {
    expect(pixel(picture, gap, 5)).toEqual([255]);
    expect(pixel(picture, 5, gap)).toEqual([255]);
  }
});

test("gray beside colours is drawn in colours; of many samples the first eight", async () => {
  const gray = fill([9, 100, 200, 1], 0.2);
  const colors = tensor4d(
    Array.from({ length: 9 * 3 }, (_, i) => [i, 100, 200][i % 3]!),
    [9, 1, 1, 3],
    "int32",
  );
  const picture = await pictureOf({ gray, colors });
  expect(picture).toMatchObject({ height: 8 * 128 + 7 * 2, width: 200 + 2 + 128, channels: 3 });
  expect(pixel(picture, 199, 99)).toEqual([51, 51, 51]);
  expect(pixel(picture, 199, 100)).toEqual([255, 255, 255]); // the cell is less high than its row
  expect(pixel(picture, 202, 0)).toEqual([0, 100, 200]);
  expect(pixel(picture, 202, 7 * 130)).toEqual([21, 100, 200]);
});

test("spectrograms: time to the right, the lowest band at the bottom, one scale a row", async () => {
  const first = tensor3d([0, 1, 2, 3, 4, 5, 7, 7, 7, 7, 7, 7], [2, 3, 2]); // [N, T, F]
  const second = tensor3d([10, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7], [2, 3, 2]);
  const picture = await pictureOf({ first, second });
  const side = Math.floor(256 / 3);
  expect(picture).toMatchObject({ height: 2 * 2 * side + 2, width: 2 * 3 * side + 2, channels: 3 });
  // matplotlib's viridis: the first, the last, the middle.
  const [darkest, lightest, half] = [
    [68, 1, 84],
    [253, 231, 37],
    [33, 145, 140],
  ];
  expect(pixel(picture, 0, side)).toEqual(darkest); // 0 of 0 to 10, at t = 0, f = 0
  const atHalf = pixel(picture, 2 * side, 0); // 5 of 0 to 10, at t = 2, f = 1
  for (const [i, value] of atHalf.entries()) expect(Math.abs(value - half![i]!)).toBeLessThanOrEqual(1);
  expect(pixel(picture, 3 * side + 2, side)).toEqual(lightest);
  expect(pixel(picture, 0, 2 * side + 2)).toEqual(darkest); // a row of one value
});

test("what cannot be drawn is named", async () => {
  const images = zeros([2, 4, 4, 3]);
  await expect(pictureOf({})).rejects.toThrow("there must be a tensor");
  await expect(pictureOf({ images, deep: { mask: zeros([2, 4]) } })).rejects.toThrow("deep.mask must be images");
  await expect(pictureOf({ images, other: zeros([3, 4, 4, 3]) })).rejects.toThrow("got [3,4,4,3] where N is 2");
  await expect(pictureOf({ images: zeros([2, 4, 4, 2]) })).rejects.toThrow("[2,4,4,2]");
});
