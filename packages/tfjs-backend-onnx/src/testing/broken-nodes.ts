/** Kernel nodes as the engine writes them, and what can be wrong with them. */
import * as tf from "@tensorflow/tfjs-core";
import type { Attribute } from "../onnx/attribute.js";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { KERNEL_DOMAIN, neededNodes } from "../onnx/model.js";
import type { TensorType, Value } from "../onnx/value.js";
import type { OnnxRuntime } from "../runtime/onnx-runtime.js";
import { freeGuarded, guardedTensor } from "./guarded-memory.js";

export interface KernelNode {
  readonly type: string;
  readonly inputs: readonly TensorType[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly TensorType[];
  /** Its inputs of whole numbers hold any numbers, or else zeros. */
  readonly isWild?: boolean;
}

/** The kernel nodes of all graphs that are compiled while `body` runs. */
export function recordKernelNodes(body: () => void): KernelNode[] {
  const nodes: KernelNode[] = [];
  const encode = GraphBuilder.prototype.encode;
  GraphBuilder.prototype.encode = function (this: GraphBuilder, outputs: readonly Value[]) {
    for (const { type, domain, inputs, attributes, outputs: made } of neededNodes(outputs)) {
      if (domain !== KERNEL_DOMAIN) continue;
      const typesOf = (values: readonly (Value | undefined)[]) =>
        values.map((value) => ({ shape: [...value!.shape], type: value!.type }));
      nodes.push({ type, inputs: typesOf(inputs), attributes, outputs: typesOf(made) });
    }
    return encode.call(this, outputs);
  };
  try {
    body();
  } finally {
    GraphBuilder.prototype.encode = encode;
  }
  return nodes;
}

/** Compiles the node alone and runs it. */
export function runNode(runtime: OnnxRuntime, { type, inputs, attributes, outputs, isWild }: KernelNode): void {
  const graph = new GraphBuilder({ kernels: true });
  const values = inputs.map((input) => graph.input(input));
  const made = graph.op(type, values, attributes, outputs, KERNEL_DOMAIN);
  const session = runtime.createSession(graph.encode(made), inputs.length, outputs.length);
  try {
    const tensors = (types: readonly TensorType[]) =>
      BigUint64Array.from(types, (tensor) => guardedTensor(runtime, tensor, isWild));
    session.run(tensors(inputs), tensors(outputs));
  } finally {
    session.release();
    freeGuarded();
  }
}

const wave = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i)),
    shape,
  );

/** Small programs that the kernels compute, each a graph. */
export function useKernels(): void {
  const convolutionGradients = (stride: number) =>
    tf.grads((x, w) => tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, "same"))));
  const depthwiseGradients = tf.grads((x, w) =>
    tf.sum(tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "same"))),
  );
  for (const result of [
    tf.matMul(wave(7, 9), wave(9, 5)),
    tf.matMul(wave(3, 7, 9), wave(3, 5, 9), false, true),
    tf.matMul(wave(9, 7), wave(9, 20), true, false),
    tf.softmax(tf.add(tf.matMul(wave(7, 9), wave(9, 5)), wave(7, 5))),
    ...tf.grads((x, w) => tf.square(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)))([wave(7, 9), wave(9, 5)]),
    ...convolutionGradients(2)([wave(2, 7, 7, 3), wave(3, 3, 3, 18)]),
    ...convolutionGradients(1)([wave(2, 8, 8, 16), wave(3, 3, 16, 16)]),
    ...depthwiseGradients([wave(2, 7, 5, 9), wave(3, 3, 9, 2)]),
    tf.mean(tf.mul(tf.tanh(tf.add(wave(33, 17), wave(17))), wave(33, 1)), 1),
    tf.sum(tf.exp(tf.sub(wave(33, 17), 2)), 0),
    tf.where(tf.greater(wave(40), 0), tf.relu(wave(40)), tf.cast(tf.range(0, 40, 1, "int32"), "float32")),
    ...attention({ queries: 5, keys: 9, causal: false, masked: true }),
    ...attention({ queries: 70, keys: 70, causal: true, masked: false }),
    ...attention({ queries: 6, keys: 9, causal: false, masked: true, isDropping: true }),
    ...attention({ queries: 70, keys: 270, causal: true, masked: false, isDropping: true }),
    crossEntropy({ labelSmoothing: 0.1, ignoredLabel: 1 }),
    ...ctcLoss(),
    run("Dropout", { x: wave(9, 21), key: KEY() }, DROPPING),
    tf.unsortedSegmentSum(wave(11, 5), tf.tensor1d([0, 2, 2, 1, 0, 3, 1, 1, 2, 0, 3], "int32"), 4),
    crops(wave(2, 5, 7, 3) as tf.Tensor4D),
    run(
      "ResizedCrop",
      { images: bytes(2, 9, 5, 3), boxes: tf.tensor2d([0, 0, 0.8, 1, 0.2, 0.9, 1, 0.1], [2, 4]) },
      { size: 6 },
    ),
    run(
      "ColorJitter",
      { images: wave(2, 3, 50), ofPixel: wave(4, 2, 3, 3), ofMean: wave(4, 2, 3, 3) },
      { from: "planes", to: "planes", scale: 1 },
    ),
    run(
      "ColorJitter",
      { images: bytes(2, 9, 5, 3), ofPixel: wave(2, 2, 3, 3), ofMean: wave(2, 2, 3, 3), last: wave(2, 3, 4) },
      { from: "pixels", to: "pixels", scale: 1 / 255 },
    ),
  ].flat()) {
    result.dataSync();
  }
}

const DROPPING = { call: 3, threshold: 1 << 20, factor: 4 / 3 };
const KEY = () => tf.tensor1d([5, 6, 7, 2047], "int32");

const bytes = (...shape: number[]) =>
  run("Bytes", {}, { values: new Uint8Array(tf.util.sizeFromShape(shape)).map((_, i) => 7 * i), shape }) as tf.Tensor;

function crops(images: tf.Tensor4D): tf.Tensor {
  const boxes = tf.tensor2d([0, 0, 1, 1, -0.1, 0.2, 0.5, 1.1, 0.9, 0.8, 0.3, 0.1], [3, 4]);
  return tf.image.cropAndResize(images, boxes, tf.tensor1d([1, 0, 1], "int32"), [4, 3], "bilinear", -1);
}

/** A kernel that only this engine has. */
function run(kernel: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): tf.Tensor | tf.Tensor[] {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);
}

interface AttentionCase {
  readonly queries: number;
  readonly keys: number;
  readonly causal: boolean;
  readonly masked: boolean;
  readonly isDropping?: boolean;
}

/** The results, read so that they are leaves of the gradient's graph. */
function attention({ queries, keys, causal, masked, isDropping = false }: AttentionCase): tf.Tensor[] {
  const heads = { q: wave(2, 3, queries, 8), k: wave(2, 3, keys, 8), v: wave(2, 3, keys, 7) };
  const seen = masked ? { ...heads, mask: wave(1, 1, queries, keys) } : heads;
  const inputs = isDropping ? { ...seen, key: KEY() } : seen;
  const attributes = { scale: 0.3, causal, ...(isDropping && DROPPING) };
  const [result, logarithms] = run("ScaledDotProductAttention", inputs, attributes) as [tf.Tensor, tf.Tensor];
  result.dataSync();
  const given = { ...inputs, result, logarithms, dy: wave(2, 3, queries, 7) };
  const gradients = run("ScaledDotProductAttentionGrad", given, attributes) as tf.Tensor[];
  return isDropping ? gradients.slice(0, 3) : gradients; // where weights are dropped a mask has none
}

function crossEntropy(attributes: { labelSmoothing: number; ignoredLabel: number }): tf.Tensor {
  const rows = { logits: wave(6, 10), labels: tf.tensor1d([0, 9, 1, 4, 1, 3], "int32") };
  const [losses, logarithms] = run("SparseSoftmaxCrossEntropy", rows, attributes) as [tf.Tensor, tf.Tensor];
  losses.dataSync();
  return run("SparseSoftmaxCrossEntropyGrad", { ...rows, logarithms, dy: wave(6) }, attributes) as tf.Tensor;
}

function ctcLoss(): tf.Tensor[] {
  const labels = tf.tensor2d([1, 2, 2, 3, 0, 0], [2, 3], "int32");
  const [lengths, frames] = [tf.tensor1d([3, 1], "int32"), tf.tensor1d([7, 4], "int32")];
  return run("CtcLoss", { logits: wave(2, 7, 4), labels, lengths, frames }) as tf.Tensor[];
}

/** Tries every so manieth of the broken nodes and counts what became of them: each must run or throw ONNX Runtime's error. */
export function runBroken(runtime: OnnxRuntime, nodes: readonly KernelNode[], { every }: { every: number }) {
  const counts = { ran: 0, refused: 0 };
  let index = 0;
  for (const node of nodes) {
    for (const { what, node: wrong } of broken(node)) {
      if (index++ % every !== 0) continue;
      try {
        runNode(runtime, wrong);
        counts.ran += 1;
      } catch (error) {
        const { message } = error as Error;
        if (!message.startsWith("ONNX Runtime ")) throw new Error(`${node.type}, ${what}: ${message}`);
        counts.refused += 1;
      }
    }
  }
  return counts;
}

interface BrokenNode {
  /** It says in words what is wrong. */
  readonly what: string;
  readonly node: KernelNode;
}

/** The node with one thing changed, for each thing that can be. Some changes leave a node that is right. */
function* broken(node: KernelNode): Generator<BrokenNode> {
  yield { what: "whole numbers of any size", node: { ...node, isWild: true } };
  for (const [name, value] of Object.entries(node.attributes)) {
    const { [name]: _, ...others } = node.attributes;
    yield { what: `${name} missing`, node: { ...node, attributes: others } };
    for (const wrong of wrongValues(value)) {
      const attributes = { ...node.attributes, [name]: wrong };
      yield { what: `${name} ${JSON.stringify(wrong)}`, node: { ...node, attributes } };
    }
  }
  for (const [i, input] of node.inputs.entries()) {
    const replaced = (changed: TensorType[], what: string): BrokenNode => ({
      what: `input ${i} ${what}`,
      node: { ...node, inputs: node.inputs.toSpliced(i, 1, ...changed) },
    });
    yield replaced([], "missing");
    yield replaced([input, input], "twice");
    yield replaced([{ ...input, type: input.type === "float32" ? "int32" : "float32" }], "of another type");
    yield replaced([{ ...input, shape: [] }], "a scalar");
    for (const [axis, length] of input.shape.entries()) {
      for (const wrong of [0, length - 1, length + 1]) {
        if (wrong >= 0)
          yield replaced([{ ...input, shape: input.shape.with(axis, wrong) }], `axis ${axis} of ${wrong}`);
      }
    }
  }
  for (const [i, output] of node.outputs.entries()) {
    const outputs = node.outputs.with(i, { ...output, shape: [...output.shape.slice(0, -1), 0] });
    yield { what: `output ${i} empty`, node: { ...node, outputs } };
  }
}

/** Whole numbers at which arithmetic goes wrong. */
const numbersAround = (n: number) => [-1, 0, 1, n - 1, n + 1, 2 * n + 3, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER];

function* wrongValues(value: Attribute): Generator<Attribute> {
  if (typeof value === "number") yield* numbersAround(value);
  else if (typeof value === "string") yield* ["", "nothing"];
  else if ("float" in value) yield* [0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((float) => ({ float }));
  else if ("floats" in value) {
    yield { floats: [] };
    yield { floats: value.floats.slice(1) };
  } else {
    yield [];
    yield value.slice(1);
    yield value.slice(0, -1);
    yield [...value, 1];
    for (const [i, n] of value.entries()) for (const wrong of numbersAround(n)) yield value.with(i, wrong);
  }
}
