/**
 * One SimCLR training step of a ResNet-18 with a 3×3 stem on 32×32 views: forward, backward, SGD; in plain TensorFlow.js.
 */
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from "@tensorflow/tfjs-core";
import { deterministic } from "./deterministic.js";
import type { Execute, TensorFlow } from "./program.js";

const SIDE = 32;
const PROJECTION = 128;
const TEMPERATURE = 0.5;
/** A tenth of what one trains with: float32 rounding then does not grow from step to step, and losses can be compared. */
const LEARNING_RATE = 0.012;
const MOMENTUM = 0.9;
const WEIGHT_DECAY = 5e-4;
/** PyTorch's: the share of the running statistics that a batch replaces. */
const RUNNING = 0.1;

export interface SimclrSize {
  /** Channels of the stem. */
  readonly width: number;
  /** Two views of each. */
  readonly images: number;
}

interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

/** The eight basic blocks of ResNet-18. */
function blocks(width: number): Block[] {
  return Array.from({ length: 8 }, (_, i) => {
    const stage = i >> 1;
    const opens = i % 2 === 0 && stage > 0;
    const outputs = width << stage;
    return {
      name: `encoder.layer${stage + 1}.${i % 2}`,
      inputs: opens ? outputs / 2 : outputs,
      outputs,
      stride: opens ? 2 : 1,
    };
  });
}

function hasShortcut({ inputs, outputs, stride }: Block): boolean {
  return stride > 1 || inputs !== outputs;
}

/**
 * 2·k²·in·out a pixel and convolution, times three for forward and both gradients, the stem's input gradient left out (the
 * views need none); plus three times the projector's and the similarities' products. All else counts as nothing.
 */
export function simclrFlops({ width, images }: SimclrSize): number {
  const views = 2 * images;
  let side = SIDE;
  let flops = 2 * (2 * 9 * 3 * width * side ** 2);
  for (const block of blocks(width)) {
    side /= block.stride;
    const { inputs, outputs } = block;
    const multiplications = 9 * inputs * outputs + 9 * outputs * outputs + (hasShortcut(block) ? inputs * outputs : 0);
    flops += 3 * 2 * multiplications * side ** 2;
  }
  const features = 8 * width;
  const head = features * features + features * PROJECTION + views * PROJECTION;
  return views * (flops + 3 * 2 * head);
}

export function simclr(tf: TensorFlow, execute: Execute, { width, images }: SimclrSize): () => Promise<number> {
  const views = 2 * images;
  const { learned, running } = createWeights(tf, width);
  const project = describeModel(tf, width, learned, running);
  const optimizer = tf.train.momentum(LEARNING_RATE, MOMENTUM);

  /** NT-Xent: row i and row i ± N are views of one image. */
  const loss = (x: Tensor4D): Scalar => {
    const projected = project(x);
    const z = tf.div(projected, tf.maximum(tf.norm(projected, 2, 1, true), 1e-12)) as Tensor2D; // [2N, 128]
    const similarity = tf.div(tf.matMul(z, z, false, true), TEMPERATURE);
    const logits = tf.sub(similarity, tf.mul(tf.eye(views), 1e9)); // [2N, 2N]
    const partners = tf.oneHot(tf.tensor1d(partnersOf(images), "int32"), views);
    return tf.losses.softmaxCrossEntropy(partners, logits);
  };

  const run = execute<{ x: Tensor4D }>(({ x }) => {
    const { value, grads } = tf.variableGrads(() => loss(x), Object.values(learned));
    const decayed = Object.entries(grads).map(([name, gradient]) => {
      return [name, tf.add(gradient, tf.mul(learned[name]!, WEIGHT_DECAY))];
    });
    optimizer.applyGradients(Object.fromEntries(decayed));
    return value;
  });

  // Uniform with variance 1.
  const pixels = tf.tensor4d(deterministic("x", views * 3 * SIDE * SIDE, Math.sqrt(3)), [views, 3, SIDE, SIDE]);
  const x = tf.transpose(pixels, [0, 2, 3, 1]); // [2N, H, W, C]
  return () => run({ x });
}

function partnersOf(images: number): Int32Array {
  return Int32Array.from({ length: 2 * images }, (_, i) => (i + images) % (2 * images));
}

function createWeights(tf: TensorFlow, width: number) {
  const learned: Record<string, Variable> = {};
  const running: Record<string, Variable> = {};
  const learn = (name: string, value: Tensor) => {
    learned[name] = tf.variable(value, true, name);
  };
  const convolution = (name: string, inputs: number, outputs: number, side: number) => {
    const bound = 1 / Math.sqrt(inputs * side * side);
    const oihw = deterministic(`${name}.weight`, outputs * inputs * side * side, bound);
    learn(`${name}.weight`, tf.transpose(tf.tensor4d(oihw, [outputs, inputs, side, side]), [2, 3, 1, 0])); // HWIO
  };
  const norm = (name: string, channels: number) => {
    learn(`${name}.weight`, tf.ones([channels]));
    learn(`${name}.bias`, tf.zeros([channels]));
    running[`${name}.mean`] = tf.variable(tf.zeros([channels]), false);
    running[`${name}.variance`] = tf.variable(tf.ones([channels]), false);
  };
  const linear = (name: string, inputs: number, outputs: number) => {
    const bound = 1 / Math.sqrt(inputs);
    const weight = tf.tensor2d(deterministic(`${name}.weight`, outputs * inputs, bound), [outputs, inputs]);
    learn(`${name}.weight`, tf.transpose(weight)); // [in, out]
    learn(`${name}.bias`, tf.tensor1d(deterministic(`${name}.bias`, outputs, bound)));
  };

  convolution("encoder.conv1", 3, width, 3);
  norm("encoder.bn1", width);
  for (const block of blocks(width)) {
    convolution(`${block.name}.conv1`, block.inputs, block.outputs, 3);
    norm(`${block.name}.bn1`, block.outputs);
    convolution(`${block.name}.conv2`, block.outputs, block.outputs, 3);
    norm(`${block.name}.bn2`, block.outputs);
    if (hasShortcut(block)) {
      convolution(`${block.name}.downsample.0`, block.inputs, block.outputs, 1);
      norm(`${block.name}.downsample.1`, block.outputs);
    }
  }
  linear("projector.0", 8 * width, 8 * width);
  linear("projector.2", 8 * width, PROJECTION);
  return { learned, running };
}

/** The encoder and its projector: views [2N, H, W, C] to [2N, 128]. */
function describeModel(
  tf: TensorFlow,
  width: number,
  learned: Record<string, Variable>,
  running: Record<string, Variable>,
): (views: Tensor4D) => Tensor2D {
  const of = <T extends Tensor>(name: string) => learned[name] as Tensor as T;

  /** PyTorch's padding of 1. At stride 2 "same" would pad one side only, and tfjs-node's gradients know no other padding. */
  const convolution = (x: Tensor4D, name: string, stride = 1): Tensor4D => {
    const filter = of<Tensor4D>(`${name}.weight`);
    if (stride === 1) return tf.conv2d(x, filter, 1, "same");
    const padding = (filter.shape[0] - 1) / 2;
    const around: [number, number] = [padding, padding];
    return tf.conv2d(padding > 0 ? tf.pad(x, [[0, 0], around, around, [0, 0]]) : x, filter, stride, "valid");
  };

  const norm = (x: Tensor4D, name: string): Tensor4D => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]) as { mean: Tensor1D; variance: Tensor1D }; // [C]
    const count = x.size / x.shape[3];
    follow(running[`${name}.mean`]!, mean);
    follow(running[`${name}.variance`]!, tf.mul(variance, count / (count - 1)));
    return tf.batchNorm(
      x,
      mean,
      variance,
      of<Tensor1D>(`${name}.bias`),
      of<Tensor1D>(`${name}.weight`),
      1e-5,
    ) as Tensor4D;
  };

  const follow = (statistic: Variable, batch: Tensor) => {
    statistic.assign(tf.add(tf.mul(statistic, 1 - RUNNING), tf.mul(batch, RUNNING)));
  };

  const basicBlock = (x: Tensor4D, block: Block): Tensor4D => {
    const { name, stride } = block;
    const inner = tf.relu(norm(convolution(x, `${name}.conv1`, stride), `${name}.bn1`));
    const outer = norm(convolution(inner, `${name}.conv2`), `${name}.bn2`);
    const shortcut = hasShortcut(block)
      ? norm(convolution(x, `${name}.downsample.0`, stride), `${name}.downsample.1`)
      : x;
    return tf.relu(tf.add(outer, shortcut));
  };

  const linear = (x: Tensor2D, name: string) =>
    tf.add(tf.matMul(x, of<Tensor2D>(`${name}.weight`)), of(`${name}.bias`)) as Tensor2D;

  return (views) => {
    let x = tf.relu(norm(convolution(views, "encoder.conv1"), "encoder.bn1")); // [2N, 32, 32, width]
    for (const block of blocks(width)) x = basicBlock(x, block); // [2N, 4, 4, 8·width]
    const features = tf.mean(x, [1, 2]) as Tensor2D; // [2N, 8·width]
    return linear(tf.relu(linear(features, "projector.0")), "projector.2");
  };
}
