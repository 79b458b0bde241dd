/**
 * The contenders of a work.
 */
import { fileURLToPath } from "node:url";
import type { Dropout, Entrant } from "../harness/alternate.js";
import { flopsOf, type Work } from "./works.js";

export interface Field {
  threads: number;
  /** With torch: enters PyTorch. */
  python?: string;
  /** The folder that tools/tfjs-node/build.ts built: enters tfjs-node. */
  tfjsNode?: string;
  /** ONNX Runtime's execution provider. */
  provider?: string;
  /** Parts of `work/contender`; a cell that contains one of them is run. */
  only?: string[];
}

/** Works that a package of ours runs as it trains, and no plain TensorFlow.js program. */
const PRODUCT: { readonly [program: string]: { readonly contender: string; readonly script: string } } = {
  gpt: { contender: "autodidact core", script: "gpt.ts" },
  "masked-lm": { contender: "autodidact text", script: "text.ts" },
  "next-token": { contender: "autodidact text", script: "text.ts" },
};

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

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

  const script = (name: string) => [process.execPath, ...process.execArgv, path(`contenders/${name}`)];
  const node = script("tensorflow-js.ts");
  const onnx = options.provider ? `onnx ${options.provider}` : "onnx";
  const product = PRODUCT[work.program];
  if (product) enter(product.contender, script(product.script), "product");
  else {
    enter(`${onnx} replayed`, node, "onnx-replayed");
    enter(`${onnx} traced`, node, "onnx-traced");
    if (work.program === "simclr") enter("autodidact vision", script("vision.ts"), "vision");
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
