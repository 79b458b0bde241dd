import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useOnnx } from "../use-onnx.js";

// A file of its own: ONNX Runtime keeps the number of threads of a process's first environment.
beforeAll(async () => {
  await useOnnx({ threads: 4, spin: false });
});

test("no update is lost when many threads sum into few segments", () => {
  const [rows, width, segments] = [3000, 200, 2];
  const ids = tf.tensor1d(
    Int32Array.from({ length: rows }, (_, i) => i % segments),
    "int32",
  );
  const addend = tf.variable(tf.ones([rows, width]));
  for (let i = 0; i < 50; i++) {
    const sums = tf.unsortedSegmentSum(addend, ids, segments);
    expect(sums.dataSync().every((sum) => sum === rows / segments)).toBe(true);
  }
});

test("of updates of one place the last wins", () => {
  const [rows, width] = [2000, 300];
  const places = tf.zeros([rows, 1], "int32");
  const updates = tf.tile(tf.reshape(tf.range(0, rows), [rows, 1]), [1, width]);
  for (let i = 0; i < 20; i++) {
    const written = tf.tensorScatterUpdate(tf.zeros([2, width]), places as tf.Tensor2D, updates);
    expect(
      tf
        .slice(written, [0, 0], [1, width])
        .dataSync()
        .every((value) => value === rows - 1),
    ).toBe(true);
  }
});
