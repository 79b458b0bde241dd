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
import { useOnnx } from "../use-onnx.js";

type Shape = [number, number, number, number];

/** As int32 or as bytes. */
function pixels(shape: Shape, kept: "int32" | "bytes" | "float32"): Tensor4D {
  const values = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7919) % 251);
  if (kept === "bytes") return engine().runKernel("Bytes", {}, { values, shape } as never);
  return tensor(Array.from(values), shape, kept);
}

function resized(images: Tensor4D, boxes: number[][] | Tensor2D, size: number): Tensor {
  const given = Array.isArray(boxes) ? tensor2d(boxes, [boxes.length, 4]) : boxes;
  return engine().runKernel("ResizedCrop", { images, boxes: given }, { size });
}

const valuesOf = (body: () => Tensor) => tidy(() => Array.from(body().dataSync()));

for (const kernels of [true, false]) {
  const where = kernels ? "with kernels" : "without kernels";

  test(`by hand: a box of half the image, mirrored, at twice its size, ${where}`, async () => {
    await useOnnx({ threads: 1, spin: false, kernels });
    // Of 51, 102 | 153, 204 the right half from right to left; middles a quarter pixel from a pixel's middle, the border repeats.
    const row = () => tensor([51, 102, 153, 204], [1, 1, 4, 1], "int32") as Tensor4D;
    const got = valuesOf(() => resized(row(), [[0, 1, 1, 0.5]], 4)).slice(0, 4);
    [0.8, 0.75, 0.65, 0.55].forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 6);
    });
  });
}

test("the kernel and the plain lowering agree, whatever images are kept as, however large they and the views are", async () => {
  const boxes = [
    [0, 0, 1, 1],
    [0.1, 0.85, 0.7, 0.2],
    [0.51, 0.3, 0.56, 0.97],
  ];
  const results: number[][] = [];
  for (const kernels of [true, false]) {
    await useOnnx({ threads: 2, spin: false, kernels });
    for (const kept of ["bytes", "int32", "float32"] as const) {
      results.push(
        (
          [
            [3, 5, 7, 3],
            [3, 40, 33, 1],
            [3, 1, 1, 2],
            [3, 6, 2, 5],
          ] satisfies Shape[]
        ).flatMap((shape) => [1, 4, 9].flatMap((size) => valuesOf(() => resized(pixels(shape, kept), boxes, size)))),
      );
    }
  }
  const plain = results.at(-1)!;
  expect(Math.max(...plain)).toBeGreaterThan(0.5);
  for (const result of results) {
    const apart = result.map((value, i) => Math.abs(value - plain[i]!));
    expect(apart).toHaveLength(plain.length);
    expect(Math.max(...apart)).toBeLessThan(1e-5);
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

test("the kernel and the plain lowering agree on images of any size, empty and one wide; threads change no bit", async () => {
  const cases = fc.sample(drawn, { numRuns: 150, seed: 11 });
  const results: { shape: number[]; values: number[] }[][] = [];
  for (const [kernels, threads] of [
    [false, 1],
    [true, 1],
    [true, 2],
    [true, 3],
  ] as const) {
    await useOnnx({ threads, spin: false, kernels });
    results.push(
      cases.map(({ images, channels, sides, size, rows, columns, isMirrored, kept }) =>
        tidy(() => {
          const [left, right] = isMirrored ? [columns[1], columns[0]] : columns;
          const boxes = tensor2d(Array(images).fill([rows[0], left, rows[1], right]).flat(), [images, 4]);
          const view = resized(pixels([images, ...sides, channels], kept), boxes, size);
          return { shape: view.shape, values: Array.from(view.dataSync()) };
        }),
      ),
    );
  }
  const [plain, own, ...onThreads] = results as [(typeof results)[0], (typeof results)[0]];
  for (const [i, { shape, values }] of own.entries()) {
    expect(shape).toEqual(plain[i]!.shape);
    const apart = values.findIndex((value, place) => !(Math.abs(value - plain[i]!.values[place]!) < 1e-5));
    if (apart >= 0) throw new Error(`${JSON.stringify(cases[i])}: element ${apart} of [${shape}]`);
  }
  for (const others of onThreads) expect(others).toEqual(own);
});

test("tf.image.cropAndResize gives the same of bytes and of floats, by the kernel and plainly", async () => {
  const results: number[][] = [];
  for (const kernels of [true, false]) {
    await useOnnx({ threads: 2, spin: false, kernels });
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

test("views without pixels are empty", async () => {
  await useOnnx({ threads: 1, spin: false });
  expect(valuesOf(() => resized(pixels([0, 4, 4, 3], "int32"), [], 3))).toEqual([]);
});

test("boxes that do not fit are refused", async () => {
  await useOnnx({ threads: 1, spin: false });
  expect(() => resized(pixels([2, 4, 4, 3], "int32"), [[0, 0, 1, 1]], 3)).toThrow(
    "ResizedCrop: images must be [N, H, W, C] and boxes [N, 4], got [2,4,4,3] and [1,4]",
  );
});
