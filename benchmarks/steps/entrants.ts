/**
 * The contenders of a work.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Dropout, Entrant } from "../harness/alternate.js";
import { flopsOf, type Work } from "./works.js";

export interface Field {
  threads: number;
  /** A Python with torch: enters PyTorch. */
  python?: string;
  /** The folder that tools/tfjs-node/build.ts built: enters tfjs-node. */
  tfjsNode?: string;
  /** ONNX Runtime's execution provider. */
  provider?: string;
  /** Another checkout of this repository, built: enters our own contenders as they are there. */
  before?: string;
  /** Parts of `work/contender`; a cell that contains one of them is run. */
  only?: string[];
}

/** Works that a package of ours runs as it trains, and no plain TensorFlow.js program. */
const PRODUCT: { readonly [program: string]: { readonly contender: string; readonly script: string } } = {
  gpt: { contender: "autodidact core", script: "gpt.ts" },
  "masked-lm": { contender: "autodidact text", script: "text.ts" },
  "next-token": { contender: "autodidact text", script: "text.ts" },
  moco: { contender: "autodidact vision", script: "vision-methods.ts" },
  byol: { contender: "autodidact vision", script: "vision-methods.ts" },
  mae: { contender: "autodidact vision", script: "vision-methods.ts" },
  "moco-v3": { contender: "autodidact vision", script: "vision-methods.ts" },
  "masked-frames": { contender: "autodidact speech", script: "speech.ts" },
  "best-rq": { contender: "autodidact speech", script: "speech.ts" },
  ecapa: { contender: "autodidact speech", script: "speech.ts" },
  "log-mel-torchaudio": { contender: "autodidact speech", script: "speech.ts" },
  "log-mel-kaldi": { contender: "autodidact speech", script: "speech.ts" },
};

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** What the contenders of the other checkout are called. */
export const BEFORE = "before: ";

/** Who runs a work, and who cannot and why. */
export function entrantsOf(work: Work, options: Field): { entrants: Entrant[]; dropouts: Dropout[] } {
  const entrants: Entrant[] = [];
  const dropouts: Dropout[] = [];
  const enter = (contender: string, command: string[], variant: string, missing?: string) => {
    if (options.only && !options.only.some((part) => `${work.name}/${contender}`.includes(part))) return;
    const { threads, provider, tfjsNode } = options;
    const slow = work.slow[variant];
    const size = typeof slow === "object" ? slow : work.size;
    const task = { work: work.program, variant, threads, size, provider, tfjsNode };
    const entrant = { contender, command, task, flops: flopsOf(work, size), isScaled: size !== work.size };
    const reason = missing ?? (typeof slow === "string" ? slow : undefined);
    if (reason) dropouts.push({ entrant, reason });
    else entrants.push(entrant);
  };

  const started = (file: string) => [process.execPath, ...process.execArgv, file];
  const script = (name: string) => started(path(`contenders/${name}`));
  /** Ours, and beside it the same of the other checkout. */
  const enterOurs = (contender: string, name: string, variant: string) => {
    enter(contender, script(name), variant);
    const { before } = options;
    if (before) enter(BEFORE + contender, started(resolve(before, "benchmarks", "contenders", name)), variant);
  };
  const onnx = options.provider ? `onnx ${options.provider}` : "onnx";
  const product = PRODUCT[work.program];
  if (product) enterOurs(product.contender, product.script, "product");
  else {
    enterOurs(`${onnx} replayed`, "tensorflow-js.ts", "onnx-replayed");
    enterOurs(`${onnx} traced`, "tensorflow-js.ts", "onnx-traced");
    if (work.program === "simclr") enterOurs("autodidact vision", "vision.ts", "vision");
    const node = script("tensorflow-js.ts");
    enter("tfjs-node", node, "tfjs-node", options.tfjsNode ? undefined : "no folder given (--tfjs-node DIR)");
    enter("tfjs wasm", node, "wasm");
    enter("tfjs cpu", node, "cpu");
  }
  for (const variant of work.peers) {
    const missing = options.python ? undefined : "no Python given (--python PATH)";
    enter(`pytorch ${variant}`, [options.python ?? "", path("peers/serve.py")], variant, missing);
  }
  return { entrants, dropouts };
}
