/**
 * What `npm run bench -- engine` measures, and what the product promises of it.
 */
import { gptFlops } from "../programs/gpt.js";
import { matmulFlops } from "../programs/matmul.js";
import { simclrFlops } from "../programs/simclr.js";
import { transformerFlops } from "../programs/transformer.js";

export type Size = { readonly [name: string]: number };

export interface Work {
  readonly name: string;
  readonly title: string;
  readonly program: "matmul" | "transformer" | "simclr" | "gpt";
  readonly size: Size;
  readonly peers: readonly string[];
  /** How far the losses of the first steps may lie apart, relatively. */
  readonly tolerance: number;
  /** What a slow backend runs instead, or why it runs nothing. */
  readonly slow: { readonly [variant: string]: Size | string };
  /** Speeds that the product promises. */
  readonly bars?: readonly Bar[];
  /** What the engine promises to cost at most, beside computing. */
  readonly costs?: Costs;
}

export interface Bar {
  readonly contender: string;
  /** The fastest of those whose name starts so. */
  readonly against: string;
  readonly atLeast: number;
}

export interface Costs {
  readonly contender: string;
  readonly outsideRun: number;
  readonly compileMs: number;
}

export const WORKS: readonly Work[] = [
  {
    name: "sgemm-1024",
    title: "matrix product 1024³, chains of 8",
    program: "matmul",
    size: { width: 1024, length: 8 },
    peers: ["eager"],
    tolerance: 1e-4,
    slow: { cpu: { width: 1024, length: 1 } },
  },
  {
    name: "sgemm-2048",
    title: "matrix product 2048³, chains of 2",
    program: "matmul",
    size: { width: 2048, length: 2 },
    peers: ["eager"],
    tolerance: 1e-4,
    slow: { cpu: "0.4 GFLOP/s: a product takes 45 s" },
  },
  {
    name: "transformer",
    title: "training step of a 6-layer transformer, width 256, 2,048 tokens: forward, backward, Adam",
    program: "transformer",
    size: { batch: 32 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
    slow: { cpu: { batch: 1 }, wasm: { batch: 4 } },
    bars: [
      { contender: "onnx replayed", against: "pytorch", atLeast: 0.8 },
      { contender: "onnx replayed", against: "tfjs-node", atLeast: 1.5 },
    ],
    costs: { contender: "onnx traced", outsideRun: 0.05, compileMs: 1000 },
  },
  {
    name: "simclr-64",
    title: "SimCLR step of a ResNet-18, width 64, 128 views of 32×32: forward, backward, SGD",
    program: "simclr",
    size: { width: 64, images: 64 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
    slow: { cpu: "below 0.1 GFLOP/s in convolution gradients: a step takes hours" },
  },
  {
    name: "simclr-16",
    title: "SimCLR step of a ResNet-18, width 16, 512 views of 32×32: forward, backward, SGD",
    program: "simclr",
    size: { width: 16, images: 256 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
    slow: { cpu: "below 0.1 GFLOP/s in convolution gradients: a step takes an hour" },
  },
  {
    name: "gpt",
    title: "character GPT, 4 layers of width 128, 12 × 64 tokens: forward, backward, clipping, AdamW",
    program: "gpt",
    size: { layers: 4, heads: 4, width: 128, context: 64, batch: 12, vocabulary: 65 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
    slow: {},
    bars: [{ contender: "autodidact core", against: "pytorch", atLeast: 1.2 }],
  },
];

const FLOPS = {
  gpt: gptFlops,
  matmul: matmulFlops,
  transformer: transformerFlops,
  simclr: simclrFlops,
} as unknown as { [program: string]: (size: Size) => number };

/** Floating-point operations a step. */
export function flopsOf({ program }: Work, size: Size): number {
  return FLOPS[program]!(size);
}
