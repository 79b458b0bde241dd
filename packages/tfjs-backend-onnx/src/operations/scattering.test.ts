import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useOnnx } from "../use-onnx.js";

// A file of its own: ONNX Runtime keeps the number of threads of a process's first environment.
beforeAll(async () => {
  await useOnnx({ threads: 4, spin: false, interpret: false });
});

test("no update is lost when many threads sum into few segments, or into many", () => {
  const [rows, width] = [3000, 200];
  for (const segments of [2, 6000]) {
    const ids = tf.tensor1d(
      Int32Array.from({ length: rows }, (_, i) => i % 2),
      "int32",
    );
    const ones = tf.variable(tf.ones([rows, width]));
    for (let i = 0; i < 30; i++) {
      const sums = tf.unsortedSegmentSum(ones, ids, segments).dataSync();
      expect(sums.every((sum, element) => sum === (element < 2 * width ? rows / 2 : 0))).toBe(true);
    }
  }
});

test("ids outside the segments are passed over, with the kernels and without, as on the CPU backend", async () => {
  const ids = [-7, 0, 5, 2, 2, 1_000_000, -1];
  const rows = ids.map((_, i) => [1 + i, 10 * (1 + i)]);
  for (const kernels of [true, false]) {
    await useOnnx({ threads: 4, spin: false, interpret: false, kernels });
    const sums = tf.unsortedSegmentSum(tf.tensor2d(rows), tf.tensor1d(ids, "int32"), 5);
    expect(sums.arraySync()).toEqual([
      [2, 20],
      [0, 0],
      [9, 90],
      [0, 0],
      [0, 0],
    ]);
  }
});

test("of updates of one place the last wins", () => {
  const [rows, width] = [2000, 300];
  const places = tf.zeros([rows, 1], "int32");
  const updates = tf.tile(tf.reshape(tf.range(0, rows), [rows, 1]), [1, width]);
  for (let i = 0; i < 20; i++) {
    const written = tf.tensorScatterUpdate(tf.zeros([i % 2 ? 2 : 9000, width]), places as tf.Tensor2D, updates);
    expect(
      tf
        .slice(written, [0, 0], [1, width])
        .dataSync()
        .every((value) => value === rows - 1),
    ).toBe(true);
  }
});
