import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { OnnxBackend } from "../backend.js";
import { useOnnx } from "../use-onnx.js";

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 1, spin: false, interpret: false });
});

/** Eighths, so that products with eighths are exact. */
const values = Array.from({ length: 60 }, (_, i) => Math.round(100 * Math.sin(i)) / 8);
type DType = "float32" | "int32" | "bool";
const table = (dtype: DType) => tf.cast(tf.tensor2d(values, [12, 5]), dtype) as tf.Tensor2D;

/** Calls whose numbers follow from `n`. */
const calls: Record<string, (x: tf.Tensor2D, n: number) => tf.Tensor> = {
  slice: (x, n) => tf.slice(x, [n % 9, n % 3], [3, 2]),
  "slice of whole rows": (x, n) => tf.slice(x, [n % 9, 0], [3, -1]),
  "strided slice that drops an axis": (x, n) =>
    tf.stridedSlice(x, [n % 12, 1], [(n % 12) + 1, 4], [1, 1], 0, 0, 0, 0, 1),
  "strided slice with steps": (x, n) => tf.stridedSlice(x, [n % 3, n % 2], [(n % 3) + 9, 4 + (n % 2)], [2, 3]),
  clip: (x, n) => tf.clipByValue(x, -1 - n / 3, n / 2),
  fill: (x, n) => tf.add(x, tf.fill([12, 5], n + 2, x.dtype === "float32" ? "float32" : "int32")),
  pad: (x, n) =>
    tf.pad(
      x,
      [
        [n % 4, 3 - (n % 4)],
        [n % 2, 1 - (n % 2)],
      ],
      2,
    ),
  "mirrored padding": (x, n) => tf.mirrorPad(x, [[n % 4, 3 - (n % 4)], [n % 2, 1 - (n % 2)]], "reflect"), // biome-ignore format: a row
  "mirrored padding with the edge": (x, n) => tf.mirrorPad(x, [[n % 4, 3 - (n % 4)], [0, 0]], "symmetric"), // biome-ignore format: a row
  range: (x, n) => tf.add(x, tf.range(n, n + 5, 1, "int32")),
  "range of thirds": (x, n) => tf.mul(tf.cast(x, "float32"), tf.range(n / 7, n / 7 + 1.6, 1 / 3)),
  "range downwards": (x, n) => tf.mul(x, tf.range(n + 5, n, -1, "int32")),
  linspace: (x, n) => tf.mul(tf.cast(x, "float32"), tf.linspace(n / 3, 2 * n + 1, 5)),
  "values of oneHot": (x, n) => tf.oneHot(tf.cast(x, "int32"), 4, n / 2 + 1, 1 - n, "float32"),
  "whole values of oneHot": (x, n) => tf.oneHot(tf.cast(x, "int32"), 4, n + 1, n, "int32"),
  leakyRelu: (x, n) => tf.leakyRelu(x, n / 8),
  step: (x, n) => tf.step(x, n),
  rotation: (x, n) => tf.image.rotateWithOffset(tf.reshape(tf.cast(x, "float32"), [1, 12, 5, 1]), n / 3, 2, 0.4),
};

const TYPES: Record<string, readonly DType[]> = {
  clip: ["float32", "int32"],
  pad: ["float32", "int32"],
  rotation: ["float32"],
  "range of thirds": ["float32"],
  linspace: ["float32"],
  "values of oneHot": ["float32"],
  "whole values of oneHot": ["float32"],
  step: ["float32", "int32"],
};

test.each(Object.keys(calls))(
  "%s: the numbers are an input once they change, and the results the CPU backend's",
  async (name) => {
    for (const dtype of TYPES[name] ?? (["float32", "int32", "bool"] as const)) {
      const run = (n: number) =>
        tf.tidy(() => {
          const result = calls[name]!(table(dtype), n);
          return [result.shape, result.dtype, Array.from(result.dataSync(), (value) => value + 0)] as const; // zeros have no sign
        });
      await tf.setBackend("onnx");
      const { graphs } = backend.stats();
      const got = [0, 1, 2, 5, 7, 11].map(run);
      expect(backend.stats().graphs - graphs).toBe(2); // as constants, then as inputs
      await tf.setBackend("cpu");
      expect(got).toEqual([0, 1, 2, 5, 7, 11].map(run));
    }
  },
);

test("slices of slices at changing places, in one graph, are the CPU backend's", async () => {
  const place = fc.nat(3);
  const run = (places: readonly number[]) =>
    tf.tidy(() => {
      const x = table("float32");
      const first = tf.slice(x, [places[0]!, 0], [9, 5]);
      const second = tf.slice(tf.transpose(first), [1, places[1]!], [4, 6]);
      const third = tf.slice(tf.reshape(second, [2, 12]), [0, places[2]!], [2, 8]);
      return [...tf.add(tf.matMul(third, tf.slice(x, [places[3]!, 0], [8, 5])), 1).dataSync()];
    });
  const all: number[][] = [];
  fc.assert(
    fc.property(fc.tuple(place, place, place, place), (places) => void all.push(places)),
    { numRuns: 20 },
  );
  await tf.setBackend("onnx");
  const { graphs } = backend.stats();
  const got = all.map(run);
  expect(backend.stats().graphs - graphs).toBeLessThanOrEqual(5);
  await tf.setBackend("cpu");
  for (const [i, expected] of all.map(run).entries())
    for (const [j, value] of expected.entries()) expect(got[i]![j]).toBeCloseTo(value, 2);
});

test("slices of one size are told apart by the axes that they drop", async () => {
  await tf.setBackend("onnx");
  const sums = (dropped: number) =>
    tf.tidy(() => tf.sum(tf.stridedSlice(table("int32"), [2, 1], [3, 4], [1, 1], 0, 0, 0, 0, dropped), 0).arraySync());
  const row = [...tf.slice(table("int32"), [2, 1], [1, 3]).dataSync()];
  expect(sums(0)).toEqual(row); // of one row
  expect(sums(1)).toBe(row[0]! + row[1]! + row[2]!);
});

test("what a call is given is what its graph holds: digits that float32 lacks, no bounds", async () => {
  const at = (low: number, high: number) =>
    tf.tidy(() => [...tf.clipByValue(tf.tensor1d([-3, 0.1, 3]), low, high).dataSync()]);
  await tf.setBackend("onnx");
  for (const [low, high] of [
    [-1, 1],
    [Number.NEGATIVE_INFINITY, 2],
    [0.1, Number.POSITIVE_INFINITY],
  ] as const)
    expect(at(low, high)).toEqual([-3, 0.1, 3].map((x) => Math.fround(Math.min(Math.max(Math.fround(x), low), high))));
});
