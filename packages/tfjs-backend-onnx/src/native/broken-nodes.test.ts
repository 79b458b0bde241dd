/**
 * Whatever a node says, a kernel computes or refuses: it never takes the process down, nor touches memory that is not its own.
 */
import "@autodidact/tfjs-backend-onnx/gradients";
import { findKernels } from "@autodidact/kernels";
import { beforeAll, expect, test } from "vitest";
import type { OnnxBackend } from "../backend.js";
import { type KernelNode, recordKernelNodes, runBroken, runNode, useKernels } from "../testing/broken-nodes.js";
import { useOnnx } from "../use-onnx.js";

const found = findKernels();
const why = "absent" in found ? `no kernels: ${found.absent}` : "";

let backend: OnnxBackend;
let nodes: KernelNode[] = [];
beforeAll(async () => {
  backend = await useOnnx({ threads: 2, spin: false, interpret: false });
  if (!why) nodes = recordKernelNodes(useKernels);
});

test("nodes as the engine writes them run", ({ skip }) => {
  skip(why !== "", why);
  const types = [...new Set(nodes.map(({ type }) => type))];
  expect(types.toSorted()).toEqual([
    "Attention",
    "AttentionGradient",
    "ColorJitter",
    "Convolution",
    "ConvolutionInputGradient",
    "ConvolutionWeightGradient",
    "CropAndResize",
    "CrossEntropy",
    "CrossEntropyGradient",
    "CtcLoss",
    "Dropout",
    "Fused",
    "MatMul",
    "SegmentSum",
  ]);
  for (const node of nodes) runNode(backend.lazy.runtime, node);
});

test("of the nodes with a thing wrong, every seventeenth runs or throws, and most throw", ({ skip }) => {
  skip(why !== "", why);
  const { ran, refused } = runBroken(backend.lazy.runtime, nodes, { every: 17 });
  expect(refused).toBeGreaterThan(ran);
});

test("a refused node says which operator refuses what, and the next one runs", ({ skip }) => {
  skip(why !== "", why);
  const product = nodes.find(({ type }) => type === "MatMul")!;
  const { rows, ...others } = product.attributes;
  expect(() => runNode(backend.lazy.runtime, { ...product, attributes: others })).toThrow("MatMul: attribute rows");
  const long = { ...product, attributes: { ...product.attributes, rows: 2 * (rows as number) } };
  expect(() => runNode(backend.lazy.runtime, long)).toThrow("MatMul: the layout does not fit its tensors");
  runNode(backend.lazy.runtime, product);
});
