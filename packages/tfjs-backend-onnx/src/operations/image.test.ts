import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { length, pair } from "../testing/arbitraries.js";
import { expectSameAsCpu, numbers, runOnOnnx, startBackends, wholeNumbers } from "../testing/same-as-cpu.js";

beforeAll(startBackends);

test("a box crops, a turned box mirrors", () => {
  const image = { shape: [1, 2, 3, 1], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const boxes = { shape: [2, 4], values: Float32Array.of(0, 0, 1, 1, 0, 1, 1, 0) };
  const boxInd = { shape: [2], values: Int32Array.of(0, 0) };
  const attributes = { cropSize: [2, 2], method: "bilinear", extrapolationValue: 0 };
  const [y] = runOnOnnx({ kernel: "CropAndResize", inputs: { image, boxes, boxInd }, attributes });
  expect(Array.from(y!.values)).toEqual([1, 3, 4, 6, 3, 1, 6, 4]);
});

test("a box of the whole image reaches its last pixel", () => {
  const attributes = { method: "bilinear", extrapolationValue: -9 };
  for (let size = 2; size < 40; size++) {
    const [image, boxInd] = [numbers([1, 23, size, 1]), { shape: [1], values: Int32Array.of(0) }];
    const boxes = { shape: [1, 4], values: Float32Array.of(0, 0, 1, 1) };
    const inputs = { image, boxes, boxInd };
    const [y] = runOnOnnx({ kernel: "CropAndResize", inputs, attributes: { ...attributes, cropSize: [size, 17] } });
    expect(y!.values[size * 17 - 1]).toBeCloseTo(image.values[23 * size - 1]!, 5);
  }
});

test("crops are the CPU backend's", () => {
  // No sample lies right at the image's edge, or half-way between two pixels: rounding decides there.
  const coordinate = fc.integer({ min: -50, max: 150 }).map((n) => (n + 0.377) / 97);
  const drawn = fc.record({
    batch: length(3),
    size: pair(8),
    channels: length(3),
    boxes: fc.array(fc.tuple(coordinate, coordinate, coordinate, coordinate), { minLength: 1, maxLength: 4 }),
    cropSize: pair(7),
    method: fc.constantFrom("bilinear", "nearest"),
    extrapolationValue: fc.constantFrom(0, 0.5, -3),
    make: fc.constantFrom(numbers, wholeNumbers),
  });
  fc.assert(
    fc.property(drawn, ({ batch, size, channels, boxes, cropSize, method, extrapolationValue, make }) => {
      const inputs = {
        image: make([batch, ...size, channels]),
        boxes: { shape: [boxes.length, 4], values: Float32Array.from(boxes.flat()) },
        boxInd: { shape: [boxes.length], values: Int32Array.from(boxes, (_, i) => i % batch) },
      };
      expectSameAsCpu(
        [{ kernel: "CropAndResize", inputs, attributes: { cropSize, method, extrapolationValue } }],
        1e-5,
      );
    }),
    { numRuns: 100 },
  );
});

test("mirrored and turned images are the CPU backend's", () => {
  const drawn = fc.record({
    size: pair(9),
    channels: fc.constantFrom(1, 3, 4),
    radians: fc.double({ min: -4, max: 4, noNaN: true }),
    center: fc.constantFrom(0.5, [0.2, 0.9]),
    fill: fc.constantFrom(0, 7, [1, 2, 3]),
    make: fc.constantFrom(numbers, wholeNumbers),
  });
  fc.assert(
    fc.property(drawn, ({ size, channels, radians, center, fill, make }) => {
      const inputs = { image: make([2, ...size, channels]) };
      const fillValue = channels === 1 ? 5 : fill;
      expectSameAsCpu([
        { kernel: "FlipLeftRight", inputs, attributes: {} },
        { kernel: "RotateWithOffset", inputs, attributes: { radians, center, fillValue } },
      ]);
    }),
    { numRuns: 60 },
  );
});
