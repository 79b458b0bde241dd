/**
 * What `npm run bench -- engine`, `-- text` and `-- vision` measure, and what the product promises of it.
 */
import { matmulFlops } from "../programs/matmul.js";
import { simclrFlops } from "../programs/simclr.js";
import {
  bestRqFlops,
  ecapaFlops,
  kaldiLogMelFlops,
  maskedFramesFlops,
  torchaudioLogMelFlops,
} from "../programs/speech.js";
import { maskedLmFlops, nextTokenFlops } from "../programs/text.js";
import { transformerFlops } from "../programs/transformer.js";
import { byolFlops, maeFlops, mocoFlops, mocoV3Flops } from "../programs/vision.js";

export type Size = { readonly [name: string]: number };

export interface Work {
  readonly name: string;
  readonly title: string;
  readonly program: keyof typeof FLOPS;
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

export const ENGINE_WORKS: readonly Work[] = [
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
      { contender: "onnx replayed", against: "pytorch", atLeast: 1.05 },
      { contender: "onnx traced", against: "pytorch", atLeast: 1 },
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
    bars: [{ contender: "autodidact vision", against: "pytorch", atLeast: 1.5 }],
  },
  {
    name: "simclr-16",
    title: "SimCLR step of a ResNet-18, width 16, 512 views of 32×32: forward, backward, SGD",
    program: "simclr",
    size: { width: 16, images: 256 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
    slow: { cpu: "below 0.1 GFLOP/s in convolution gradients: a step takes an hour" },
    bars: [{ contender: "autodidact vision", against: "pytorch", atLeast: 1.15 }],
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

export const YARDSTICK = ENGINE_WORKS.find(({ name }) => name === "sgemm-1024")!;

export const TEXT_WORKS: readonly Work[] = [
  YARDSTICK,
  {
    name: "masked-lm-6",
    title: "masked words, BERT of 6 layers and width 256, 8,192 pieces, 16 × 128 tokens: forward, backward, AdamW",
    program: "masked-lm",
    size: { layers: 6, heads: 4, width: 256, context: 128, batch: 16, vocabulary: 8192, masked: 19 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
    slow: {},
    bars: [{ contender: "autodidact text", against: "pytorch", atLeast: 1.5 }],
  },
  {
    name: "masked-lm-mini",
    title: "masked words, BERT-mini (4 layers, width 256), 8,192 pieces, 32 × 128 tokens: forward, backward, AdamW",
    program: "masked-lm",
    size: { layers: 4, heads: 4, width: 256, context: 128, batch: 32, vocabulary: 8192, masked: 19 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
    slow: {},
    bars: [{ contender: "autodidact text", against: "pytorch", atLeast: 1.5 }],
  },
  {
    name: "next-token-128",
    title: "GPT-2 of characters, 4 layers of width 128, 12 × 64 tokens: forward, backward, clipping, AdamW",
    program: "next-token",
    size: { layers: 4, heads: 4, width: 128, context: 64, batch: 12, vocabulary: 65 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
    slow: {},
    bars: [{ contender: "autodidact text", against: "pytorch", atLeast: 1.2 }],
  },
  {
    name: "next-token-384",
    title: "GPT-2 of characters, 6 layers of width 384, 16 × 256 tokens: forward, backward, clipping, AdamW",
    program: "next-token",
    size: { layers: 6, heads: 6, width: 384, context: 256, batch: 16, vocabulary: 65 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
    slow: {},
    bars: [{ contender: "autodidact text", against: "pytorch", atLeast: 1.15 }],
  },
];

/** Of a ViT of 2.7 million parameters on CIFAR-10's images: 64 patches. */
const SMALL_VIT = { width: 192, layers: 6, heads: 3, patch: 4 };

const vision = (work: Pick<Work, "name" | "title" | "program" | "size" | "peers" | "tolerance">): Work => ({
  ...work,
  slow: {},
  bars: [{ contender: "autodidact vision", against: "pytorch", atLeast: 1.2 }],
});

export const VISION_WORKS: readonly Work[] = [
  YARDSTICK,
  vision({
    name: "mae",
    title:
      "MAE, ViT of 6 layers and width 192 on 64 patches, decoder of 4 layers and width 128, 256 images: forward, backward, AdamW",
    program: "mae",
    size: { ...SMALL_VIT, decoderWidth: 128, decoderLayers: 4, images: 256 },
    peers: ["eager", "compile"],
    tolerance: 1e-4,
  }),
  vision({
    name: "moco-v3",
    title: "MoCo v3, the same ViT, 64 images in two views, heads of 1,024: forward, backward, AdamW, key encoder",
    program: "moco-v3",
    size: { ...SMALL_VIT, images: 64, hidden: 1024 },
    peers: ["eager", "compile"],
    tolerance: 1e-3,
  }),
  vision({
    name: "moco",
    title:
      "MoCo v2, ResNet-18 of width 64, 64 images of 32×32 in two views, queue of 4,096: forward, backward, SGD, key encoder",
    program: "moco",
    size: { width: 64, images: 64, queue: 4096 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
  }),
  vision({
    name: "byol",
    title:
      "BYOL, ResNet-18 of width 64, 64 images of 32×32 in two views, heads of 1,024: forward, backward, SGD, target",
    program: "byol",
    size: { width: 64, images: 64, hidden: 1024 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
  }),
];

const FLOPS = {
  "best-rq": bestRqFlops,
  byol: byolFlops,
  ecapa: ecapaFlops,
  gpt: nextTokenFlops,
  "log-mel-kaldi": kaldiLogMelFlops,
  "log-mel-torchaudio": torchaudioLogMelFlops,
  "masked-frames": maskedFramesFlops,
  "masked-lm": maskedLmFlops,
  mae: maeFlops,
  matmul: matmulFlops,
  moco: mocoFlops,
  "moco-v3": mocoV3Flops,
  "next-token": nextTokenFlops,
  transformer: transformerFlops,
  simclr: simclrFlops,
};

/** Floating-point operations a step. */
export function flopsOf({ program }: Work, size: Size): number {
  return (FLOPS[program] as unknown as (size: Size) => number)(size);
}

/** What a step goes through of its modality's own measure. */
export interface Amount {
  readonly perStep: number;
  /** The column of its rate. */
  readonly rate: string;
}

/** Tokens where the work is of text, seconds of audio where it is of sound. */
export function amountOf({ size: { batch, context, recordings, seconds, crops = 1 } }: Work): Amount | undefined {
  if (batch !== undefined && context !== undefined) return { perStep: batch * context, rate: "tokens/s" };
  if (recordings !== undefined && seconds !== undefined)
    return { perStep: recordings * crops * seconds, rate: "s of audio/s" };
  return undefined;
}
