/**
 * The engines that may work on a machine, and what each is worth: one to be tried in a process of its own, for a broken driver takes its process down.
 */
import { chooseEngine, type EngineDescription, type EngineName, type Provider } from "./engine.js";
import { type MatmulSpeed, matmulSpeed } from "./matmul-speed.js";

/** Engine and provider, the default first. */
export const engineCandidates = [
  "onnx/cpu",
  "onnx/cpu/no-kernels",
  "onnx/webgpu",
  "tensorflow/cpu",
  "tensorflow/cuda",
  "cpu/cpu",
] as const satisfies readonly `${EngineName}/${Provider}${"" | "/no-kernels"}`[];

export interface EngineTrial extends EngineDescription {
  readonly speed: MatmulSpeed;
}

/** Starts it and measures it, in about a second; throws where it does not work. */
export async function tryEngine(candidate: string): Promise<EngineTrial> {
  const [engine, provider, without] = candidate.split("/") as [EngineName, Provider, string?];
  const started = await chooseEngine({ engine, provider, kernels: without === undefined });
  return { ...started, speed: await matmulSpeed() };
}

/** Where the kernels are from, or how to get them. */
export function describeKernels(kernels: NonNullable<EngineDescription["kernels"]>): string {
  if ("absent" in kernels) return `No kernels: ${kernels.absent}. Training is slower without. ${kernels.remedy}`;
  const { version, instructions, from, path } = kernels;
  return `Kernels ${version} for ${instructions}, from ${from}: ${path}`;
}
