/**
 * The engine is started here.
 */

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import {
  engine,
  findBackendFactory,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.js";
import { joinAdam } from "./joint-adam.js";
import { keepLastGoodValues } from "./keep-last-good-values.js";
import { BACKEND, offerOwnOperations, registerKernels } from "./kernels.js";
import { LazyEngine } from "./lazy/engine.js";
import { assertOptions, type OnnxOptions } from "./onnx-options.js";
import { loadKernels } from "./runtime/kernels-in-use.js";
import { OnnxRuntime } from "./runtime/onnx-runtime.js";
import { saveWithoutCalls } from "./saved-tensors.js";
import { tellSteps } from "./tell-steps.js";
import { sumTiles } from "./tile-gradient.js";

/** Registers the backend "onnx" with TensorFlow.js and makes it the current one. Calling it again with other options starts anew. */
export async function useOnnx(options: OnnxOptions = {}): Promise<OnnxBackend> {
  return useOnnxSync(options);
}

/** Does the same at once, for programs that cannot wait: operations may be called in the next line. */
export function useOnnxSync(options: OnnxOptions = {}): OnnxBackend {
  const backend = startOnnx(options);
  if (findBackendFactory(BACKEND)) removeBackend(BACKEND);
  registerBackend(BACKEND, () => backend, 3);
  offerOwnOperations("path" in backend.kernels);
  void setBackend(BACKEND); // the backend is there: TensorFlow.js has nothing to wait for
  if (engine().backend !== backend)
    throw new Error(`useOnnx: the backend "${BACKEND}" must be the current one, got "${getBackend()}".`);
  return backend;
}

/** Makes the backend alone and does not register it. */
export function startOnnx(options: OnnxOptions = {}): OnnxBackend {
  assertOptions(options);
  const { provider = "cpu", threads = availableParallelism(), graphs = 256, interpret = true, profilePrefix } = options;
  const kernels = loadKernels(options.kernels ?? true, provider, threads);
  const { spin = threads > 2 && "absent" in kernels } = options;
  const runtime = new OnnxRuntime({
    libraryPath: options.libraryPath ?? bundledLibrary(),
    provider,
    threads,
    spin,
    profilePrefix,
    kernelLibrary: "path" in kernels ? kernels.path : undefined,
  });
  registerKernels();
  joinAdam(BACKEND);
  keepLastGoodValues();
  tellSteps(); // after keepLastGoodValues: what is pending is computed before an optimizer's step begins
  saveWithoutCalls(BACKEND);
  sumTiles();
  const limits = { graphs, interpret: interpret && provider === "cpu", pendingNodes: 20_000, droppedBytes: 2 ** 31 };
  return new OnnxBackend(new LazyEngine(runtime, limits), kernels);
}

/** The library inside the package onnxruntime-node, for this platform. */
export function bundledLibrary(): string {
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  const platform = join("linux darwin win32".includes(process.platform) ? process.platform : "", process.arch);
  for (const abi of readdirSync(join(root, "bin"))) {
    const folder = join(root, "bin", abi, platform);
    if (!existsSync(folder)) continue;
    const file = readdirSync(folder).find((name) => /^(lib)?onnxruntime(\.so|\.dylib|\.dll|\.[\d.]+dylib)/.test(name));
    if (file) return join(folder, file);
  }
  throw new Error(
    `useOnnx: onnxruntime-node has no library for ${process.platform} ${process.arch}. ` +
      "Give libraryPath, the path of a libonnxruntime for this machine, or choose another TensorFlow.js backend.",
  );
}
