/**
 * What bench and contender say to each other: one JSON object a line, over the contender's stdin and stdout.
 * The contender is started with its task as the only argument, answers `Ready`, then one `Steps` for each `Request`.
 */
import type { Stats } from "@autodidact/tfjs-backend-onnx";

export interface Task {
  /** Which program: matmul, transformer, simclr. */
  readonly work: string;
  /** Which way of running it: onnx-replayed, wasm, eager, compile … */
  readonly variant: string;
  readonly threads: number;
  /** The program's sizes, by name. */
  readonly size: Readonly<Record<string, number>>;
  /** ONNX Runtime's execution provider. */
  readonly provider?: string;
  /** A folder of images, one folder a class. */
  readonly data?: string;
  /** The folder that tools/tfjs-node/build.ts built. */
  readonly tfjsNode?: string;
}

export interface Request {
  readonly steps: number;
}

export interface Ready {
  readonly ready: true;
  /** The version of the libraries that compute: "torch 2.15.0". */
  readonly version: string;
}

export interface Steps {
  readonly milliseconds: readonly number[];
  readonly losses: readonly number[];
  readonly peakResidentBytes: number;
  /** What the engine counts about itself: graphs, cache hits, fallbacks. */
  readonly engine?: Stats;
}

export interface Failure {
  readonly error: string;
}

export type Reply = Ready | Steps | Failure;

/** Libraries greet on stdout too; whatever is no JSON object is theirs. */
export function parseReply(line: string): Reply | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Reply;
  } catch {
    return undefined;
  }
}
