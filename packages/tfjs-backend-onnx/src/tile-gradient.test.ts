import "@autodidact/tfjs-backend-onnx/gradients";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { useOnnx } from "./use-onnx.js";

beforeAll(async () => {
  await useOnnx({ threads: 2 });
});

const axis = fc.record({ length: fc.integer({ min: 1, max: 3 }), reps: fc.integer({ min: 1, max: 3 }) });

/** What each element of x is repeated into, added up. */
function addedUp(dy: readonly number[], axes: readonly { length: number; reps: number }[]): number[] {
  const made = new Array<number>(axes.reduce((size, { length }) => size * length, 1)).fill(0);
  for (const [place, value] of dy.entries()) {
    let rest = place;
    let [source, stride] = [0, 1];
    for (const { length, reps } of [...axes].reverse()) {
      source += ((rest % (length * reps)) % length) * stride;
      rest = Math.floor(rest / (length * reps));
      stride *= length;
    }
    made[source]! += value;
  }
  return made;
}

test("every repetition counts, of tensors of any rank", () => {
  fc.assert(
    fc.property(fc.array(axis, { minLength: 1, maxLength: 5 }), (axes) => {
      const x = tf.ones(axes.map(({ length }) => length));
      const reps = axes.map((own) => own.reps);
      const size = axes.reduce((total, { length, reps: times }) => total * length * times, 1);
      const dy = Array.from({ length: size }, (_, i) => (i % 7) - 2);
      const weights = tf.tensor(
        dy,
        axes.map(({ length, reps: times }) => length * times),
      );
      const slopes = tf.tidy(() => [
        ...tf
          .grad((own) => tf.sum(tf.mul(tf.tile(own, reps), weights)))(x)
          .dataSync(),
      ]);
      expect(slopes).toEqual(addedUp(dy, axes));
      tf.dispose([x, weights]);
    }),
    { numRuns: 60 },
  );
});

test("a token that is broadcast to thousands of places is not sliced", async () => {
  const token = tf.ones([1, 1, 8]);
  const spread = (own: tf.Tensor) => tf.sum(tf.square(tf.broadcastTo(own, [256, 48, 8])));
  const { kernelNames } = await tf.profile(() => tf.tidy(() => tf.grad(spread)(token)));
  expect(kernelNames).toContain("Tile");
  expect(kernelNames).not.toContain("Slice");
  const slopes = tf.tidy(() => [...tf.grad(spread)(token).dataSync()]);
  expect(slopes).toEqual(new Array(8).fill(2 * 256 * 48));
});
