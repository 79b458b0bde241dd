/**
 * The measured programs by the name that a task gives.
 */
import { type MatmulSize, matmul } from "./matmul.js";
import type { Execute, TensorFlow } from "./program.js";
import { type SimclrSize, simclr } from "./simclr.js";
import { type TransformerSize, transformer } from "./transformer.js";

type Size = Readonly<Record<string, number>>;

/** Creates weights and batch; each call of the result is one step, and resolves to its loss. */
export function createProgram(work: string, size: Size, tf: TensorFlow, execute: Execute): () => Promise<number> {
  if (work === "matmul") return matmul(tf, execute, size as unknown as MatmulSize);
  if (work === "transformer") return transformer(tf, execute, size as unknown as TransformerSize);
  if (work === "simclr") return simclr(tf, execute, size as unknown as SimclrSize);
  throw new Error(`createProgram: work must be matmul, transformer or simclr, got ${work}.`);
}
