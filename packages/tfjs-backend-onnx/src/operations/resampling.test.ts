import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, pair } from "../testing/arbitraries.js";
import { expectSameAsCpu, numbers, runOnOnnx, startBackends, wholeNumbers } from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const grids = [
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
  { alignCorners: false, halfPixelCenters: true },
];

test("between two pixels lies their mean", () => {
  const images = { shape: [1, 1, 2, 1], values: Float32Array.of(2, 4) };
  const values = (grid: object) => {
    const [y] = runOnOnnx({ kernel: "ResizeBilinear", inputs: { images }, attributes: { ...grid, size: [1, 3] } });
    return Array.from(y!.values, (value) => Number(value.toFixed(4)));
  };
  expect(values(grids[0]!)).toEqual([2, 3.3333, 4]);
  expect(values(grids[1]!)).toEqual([2, 3, 4]);
  expect(values(grids[2]!)).toEqual([2, 3, 4]);
});

test("resized images are the CPU backend's", () => {
  const drawn = fc.record({
    size: pair(9),
    to: pair(12),
    channels: length(3),
    grid: fc.constantFrom(...grids),
    make: fc.constantFrom(numbers, wholeNumbers),
  });
  fc.assert(
    fc.property(drawn, ({ size, to, channels, grid, make }) => {
      const inputs = { images: make([2, ...size, channels]) };
      expectSameAsCpu([
        { kernel: "ResizeBilinear", inputs, attributes: { ...grid, size: to } },
        { kernel: "ResizeNearestNeighbor", inputs, attributes: { ...grid, size: to } },
      ]);
    }),
    { numRuns: 100 },
  );
});

test("gradients of resizing are the CPU backend's", () => {
  // The CPU backend swaps height and width, ignores half pixels, and reads the wrong image of a batch.
  const drawn = fc.record({ size: length(8), to: pair(10), channels: length(3), alignCorners: fc.boolean() });
  fc.assert(
    fc.property(drawn, ({ size, to, channels, alignCorners }) => {
      fc.pre(size > 1 || !alignCorners); // the CPU backend never returns
      const inputs = { images: numbers([1, size, size, channels], 1), dy: numbers([1, ...to, channels], 2) };
      const attributes = { alignCorners, halfPixelCenters: false };
      expectSameAsCpu([
        { kernel: "ResizeBilinearGrad", inputs, attributes },
        { kernel: "ResizeNearestNeighborGrad", inputs, attributes },
      ]);
    }),
    { numRuns: 60 },
  );
});

test("the gradient with half pixels adds up to what came in", () => {
  const inputs = { images: numbers([1, 3, 5, 1]), dy: { shape: [1, 7, 4, 1], values: new Float32Array(28).fill(1) } };
  const [dx] = runOnOnnx({ kernel: "ResizeBilinearGrad", inputs, attributes: grids[2]! });
  expect(dx!.shape).toEqual([1, 3, 5, 1]);
  expect(Array.from(dx!.values).reduce((sum, value) => sum + value, 0)).toBeCloseTo(28, 4);
});
