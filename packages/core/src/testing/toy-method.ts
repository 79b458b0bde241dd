/**
 * A small method with all that a run carries: batch norm, a teacher that follows, a queue of its outputs, chance in `draw` and, where asked
 * for, dropout.
 */
import * as tf from "@tensorflow/tfjs-core";
import { CorruptSampleError, type Dataset } from "../data/dataset.js";
import { withoutGradient } from "../gradients/without-gradient.js";
import type { Method } from "../method.js";
import { batchNorm } from "../modules/batch-norm.js";
import { dropout } from "../modules/dropout.js";
import { linear } from "../modules/linear.js";
import { defineModule } from "../modules/module.js";
import { queue } from "../modules/queue.js";
import type { Random } from "../random.js";

export interface TwoNoisyViews {
  readonly [name: string]: tf.Tensor;
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

export type ToyMethod = Method<Float32Array, TwoNoisyViews, { readonly targets: tf.Tensor2D }> & {
  readonly progress: tf.Variable;
};

export function toyMethod(random: Random, { rate = 0 } = {}): ToyMethod {
  const encoder = network(random.split("encoder"), rate);
  const teacher = network(random.split("teacher"), rate);
  const past = queue(7, 4, random.split("past"));
  const progress = tf.tidy(() => tf.variable(tf.scalar(0), false));

  const noisy = (samples: readonly Float32Array[], random: Random) =>
    tf.tensor2d(
      samples.flatMap((sample) => [...sample].map((value) => value + random.normal(0, 0.1))),
      [samples.length, 6],
    );

  return {
    name: "toy",
    encoder: Object.assign(encoder, { featureSize: 4, config: { model_type: "toy" } }),
    learned: { encoder },
    carried: { teacher, past },
    progress,
    draw: (samples, random) => ({ first: noisy(samples, random), second: noisy(samples, random) }),
    loss: ({ first, second }) => {
      const outputs = encoder(first) as tf.Tensor2D; // [N, 4]
      const targets = withoutGradient(() => teacher(second) as tf.Tensor2D); // [N, 4]
      const distance = tf.mean(tf.squaredDifference(outputs, targets));
      const likeness = tf.mean(tf.square(tf.matMul(outputs, past.rows, false, true))); // to what earlier batches gave
      return { loss: tf.add(distance, tf.mul(likeness, 0.1)) as tf.Scalar, made: { targets } };
    },
    remember: ({ targets }) => past.push(targets),
    afterStep(now) {
      progress.assign(now);
      for (const [name, follower] of Object.entries(teacher.parameters)) {
        const leader = encoder.parameters[name]!;
        follower.assign(tf.add(tf.mul(follower, 0.9), tf.mul(leader, tf.mul(0.1, now))));
      }
    },
  };
}

function network(random: Random, rate: number) {
  const dense = linear(6, 4, { random });
  const norm = batchNorm(4);
  const drop = dropout(rate);
  return defineModule((x: tf.Tensor) => norm(dense(drop(x))), {
    children: [
      ["dense", dense],
      ["norm", norm],
    ],
  });
}

/** Ten samples of six numbers; the fourth is corrupt. */
export const toyDataset: Dataset<Float32Array> = {
  length: 10,
  id: (index) => `toy ${index}`,
  async get(index) {
    await new Promise((resolve) => setImmediate(resolve));
    if (index === 3) throw new CorruptSampleError("toy 3", "made so");
    return Float32Array.from({ length: 6 }, (_, i) => Math.sin(index * 6 + i));
  },
};
