/**
 * A small training step with an optimizer, for tests of the engine as a whole.
 */
import * as tf from "@tensorflow/tfjs-core";
import { compile } from "../compile.js";

export interface TrainingStep {
  /** Takes a step on a fixed batch of `size` rows and gives the loss. */
  run(size?: number): Promise<number>;
  dispose(): void;
}

/** Two linear layers, ReLU, softmax cross-entropy, SGD with momentum; the same numbers in every run. */
export function trainingStep({ background = true } = {}): TrainingStep {
  const wave = (shape: [number, number], scale: number) =>
    tf.tensor2d(
      Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => scale * Math.sin(1 + i * 0.7)),
      shape,
    );
  const weights = [wave([16, 32], 0.3), wave([32, 4], 0.3)].map((value, i) => tf.variable(value, true, `w${i}`));
  const velocities = weights.map((weight) => tf.variable(tf.zerosLike(weight), false));

  const step = compile(
    ({ x, labels }: { x: tf.Tensor; labels: tf.Tensor }) => {
      const logits = () =>
        tf.matMul(tf.relu(tf.matMul(x as tf.Tensor2D, weights[0] as tf.Tensor2D)), weights[1] as tf.Tensor2D);
      const { value, grads } = tf.variableGrads(
        () =>
          tf.neg(
            tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits()), tf.oneHot(tf.cast(labels, "int32") as tf.Tensor1D, 4)), 1)),
          ) as tf.Scalar,
        weights,
      );
      weights.forEach((weight, i) => {
        velocities[i]!.assign(tf.add(tf.mul(velocities[i]!, 0.9), grads[`w${i}`]!));
        weight.assign(tf.sub(weight, tf.mul(velocities[i]!, 0.05)));
      });
      return { loss: value };
    },
    { background },
  );
  return {
    run: async (size = 12) => {
      const inputs = {
        x: wave([size, 16], 1),
        labels: tf.tensor1d(
          Int32Array.from({ length: size }, (_, i) => i % 4),
          "int32",
        ),
      };
      const { loss } = await step(inputs);
      const [value] = await loss.data();
      tf.dispose([inputs.x, inputs.labels, loss]);
      return value!;
    },
    dispose: () => {
      step.dispose();
      tf.dispose([...weights, ...velocities]);
    },
  };
}
