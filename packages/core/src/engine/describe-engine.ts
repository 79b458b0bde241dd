/**
 * The engine that was started, in words.
 */
import type { EngineDescription } from "./engine.js";

/** `onnx on cpu, 2 threads, kernels avx2+fma (1.27.0; …)` */
export function describeEngine(engine: EngineDescription): string {
  const { name, provider, threads, version, why } = engine;
  const count = threads === null ? "" : `, ${threads} threads`;
  const using = kernelsInShort(engine);
  return `${name} on ${provider}${count}${using && `, ${using}`} (${version}; ${why})`;
}

/** `kernels avx2+fma`; empty where the engine has none to offer. */
export function kernelsInShort({ kernels, provider }: Pick<EngineDescription, "kernels" | "provider">): string {
  if (kernels === null || provider !== "cpu") return "";
  return "absent" in kernels ? `no kernels: ${kernels.absent}` : `kernels ${kernels.instructions}`;
}
