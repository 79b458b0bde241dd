import {
  engine,
  image,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { kernelTest } from "../testing/kernel-test.js";
import { useOnnx } from "../use-onnx.js";

type Shape = [number, number, number, number];

const bytesOf = (shape: Shape) =>
  Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7919) % 251);

/** The images are kept as int32, as bytes or as floats. */
function pixels(shape: Shape, kept: "int32" | "bytes" | "float32"): Tensor4D {
  const values = bytesOf(shape);
  if (kept === "bytes") return engine().runKernel("Bytes", {}, { values, shape } as never);
  return tensor(Array.from(values), shape, kept);
}

function resized(images: Tensor4D, boxes: number[][] | Tensor2D, size: number): Tensor {
  const given = Array.isArray(boxes) ? tensor2d(boxes, [boxes.length, 4]) : boxes;
  return engine().runKernel("ResizedCrop", { images, boxes: given }, { size });
}

const valuesOf = (body: () => Tensor) => tidy(() => Array.from(body().dataSync()));

/** Computes the crops in plain loops of doubles; `boxes` has a box for each image. */
function byHand(shape: Shape, boxes: readonly number[][], size: number): number[] {
  const [count, height, width, channels] = shape;
  const values = bytesOf(shape);
  const result: number[] = [];
  for (let n = 0; n < count; n++) {
    const [top, left, bottom, right] = boxes[n]!.map(Math.fround) as [number, number, number, number];
    const [rows, columns] = [sharesOf(top, bottom, height, size), sharesOf(left, right, width, size)];
    for (let c = 0; c < channels; c++)
      for (const row of rows)
        for (const column of columns) {
          let sum = 0;
          for (const [y, share] of row.entries())
            for (const [x, other] of column.entries())
              sum += (share * other * values[((n * height + y) * width + x) * channels + c]!) / 255;
          result.push(sum);
        }
  }
  return result;
}

/** How much of each pixel goes into each sample along one axis: tents about the samples' middles, one pixel or one sample wide. */
function sharesOf(from: number, to: number, length: number, size: number): number[][] {
  const step = ((to - from) * length) / size;
  return Array.from({ length: size }, (_, i) => {
    const middle = from * length + step * (i + 0.5);
    const reach = Math.max(1, Math.abs(step));
    const tents = Array.from({ length }, (_, pixel) => Math.max(0, reach - Math.abs(middle - pixel - 0.5)));
    const sum = tents.reduce((a, b) => a + b, 0);
    return tents.map((tent) => tent / sum);
  });
}

kernelTest("by hand: a box of half the image, mirrored, at twice its size", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  // Of 51, 102 | 153, 204 the right half from right to left; middles a quarter pixel from a pixel's middle, the border repeats.
  const row = () => tensor([51, 102, 153, 204], [1, 1, 4, 1], "int32") as Tensor4D;
  const got = valuesOf(() => resized(row(), [[0, 1, 1, 0.5]], 4)).slice(0, 4);
  [0.8, 0.75, 0.65, 0.55].forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 6);
  });
});

kernelTest("is the definition's, whatever images are kept as, however large they and the views are", async () => {
  await useOnnx({ threads: 2, spin: false, interpret: false });
  const boxes = [
    [0, 0, 1, 1],
    [0.1, 0.85, 0.7, 0.2],
    [0.51, 0.3, 0.56, 0.97],
  ];
  const shapes: Shape[] = [
    [3, 5, 7, 3],
    [3, 40, 33, 1],
    [3, 1, 1, 2],
    [3, 6, 2, 5],
  ];
  for (const shape of shapes)
    for (const size of [1, 4, 9]) {
      const expected = byHand(shape, boxes, size);
      expect(Math.max(...expected)).toBeGreaterThan(0.2);
      for (const kept of ["bytes", "int32", "float32"] as const) {
        const values = valuesOf(() => resized(pixels(shape, kept), boxes, size));
        expect(values).toHaveLength(expected.length);
        expect(Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
      }
    }
});

const side = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 1, 1, 37, 400));
const edges = fc.tuple(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.double({ min: 0.5, max: 1, noNaN: true }));
const drawn = fc.record({
  images: fc.constantFrom(0, 1, 2, 3),
  channels: fc.constantFrom(1, 2, 3, 3, 5),
  sides: fc.tuple(side, side),
  size: fc.constantFrom(1, 2, 3, 7, 16, 33, 0),
  rows: edges,
  columns: edges,
  isMirrored: fc.boolean(),
  kept: fc.constantFrom("bytes", "int32", "float32"),
});

kernelTest("is the definition's on images of any size, empty and one wide; threads change no bit", async () => {
  const cases = fc.sample(drawn, { numRuns: 150, seed: 11 }).map(({ rows, columns, isMirrored, ...one }) => {
    const [left, right] = isMirrored ? [columns[1], columns[0]] : columns;
    return { ...one, boxes: Array<number[]>(one.images).fill([rows[0], left, rows[1], right]) };
  });
  const results: { shape: number[]; values: number[] }[][] = [];
  for (const threads of [1, 2, 3]) {
    await useOnnx({ threads, spin: false, interpret: false });
    results.push(
      cases.map(({ images, channels, sides, size, boxes, kept }) =>
        tidy(() => {
          const view = resized(pixels([images, ...sides, channels], kept), tensor2d(boxes.flat(), [images, 4]), size);
          return { shape: view.shape, values: Array.from(view.dataSync()) };
        }),
      ),
    );
  }
  const [own, ...onThreads] = results as [(typeof results)[0], ...(typeof results)[0][]];
  for (const [i, { shape, values }] of own.entries()) {
    const { images, channels, sides, size, boxes } = cases[i]!;
    expect(shape).toEqual([images, channels, size, size]);
    const expected = byHand([images, ...sides, channels], boxes, size);
    const apart = values.findIndex((value, place) => !(Math.abs(value - expected[place]!) < 1e-5));
    if (apart >= 0) throw new Error(`${JSON.stringify(cases[i])}: element ${apart} of [${shape}]`);
  }
  for (const others of onThreads) expect(others).toEqual(own);
});

test("tf.image.cropAndResize gives the same of bytes and of floats, by the kernel and plainly", async () => {
  const results: number[][] = [];
  for (const kernels of [true, false]) {
    await useOnnx({ threads: 2, spin: false, interpret: false, kernels });
    for (const kept of ["bytes", "float32"] as const) {
      for (const method of ["bilinear", "nearest"] as const) {
        const boxes = () => tensor2d([0, 0, 1, 1, -0.13, 0.21, 0.5, 1.1, 0.9, 0.8, 0.31, 0.1], [3, 4]);
        const numbers = () => tensor1d([1, 0, 1], "int32");
        results.push(
          valuesOf(() => image.cropAndResize(pixels([2, 6, 5, 3], kept), boxes(), numbers(), [4, 7], method, -1)),
        );
      }
    }
  }
  for (const [i, result] of results.entries()) {
    const apart = result.map((value, place) => Math.abs(value - results[i % 2]![place]!));
    expect(Math.max(...apart)).toBeLessThan(1e-5 * 250);
  }
  expect(results[0]).not.toEqual(results[1]);
});

kernelTest("views without pixels are empty", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  expect(valuesOf(() => resized(pixels([0, 4, 4, 3], "int32"), [], 3))).toEqual([]);
});

kernelTest("boxes that do not fit are refused", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  expect(() => resized(pixels([2, 4, 4, 3], "int32"), [[0, 0, 1, 1]], 3)).toThrow(
    "ResizedCrop: images must be [N, H, W, C] and boxes [N, 4], got [2,4,4,3] and [1,4]",
  );
});
