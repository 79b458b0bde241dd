/**
 * The engine is started here.
 */

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { findBackendFactory, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.js";
import { joinAdam } from "./joint-adam.js";
import { keepLastGoodValues } from "./keep-last-good-values.js";
import { BACKEND, offerOwnOperations, registerKernels } from "./kernels.js";
import { LazyEngine } from "./lazy/engine.js";
import { loadKernels } from "./runtime/kernels-in-use.js";
import { OnnxRuntime } from "./runtime/onnx-runtime.js";
import { saveWithoutCalls } from "./saved-tensors.js";

export interface OnnxOptions {
  /** Where graphs run: "cpu" (default) or "webgpu" (any GPU). */
  provider?: "cpu" | "webgpu";
  /** So many threads compute an operator; all processors unless told. */
  threads?: number;
  /** Another build of ONNX Runtime (1.20 or newer) instead of the one inside onnxruntime-node. */
  libraryPath?: string;
  /** So many compiled graphs are kept; 256 unless told. */
  graphs?: number;
  /**
   * ONNX Runtime's threads wait for work in a loop, also between steps, when JavaScript's own compiler and collector lack the
   * processors. Unless told, true for more than two threads where there are no kernels: those have threads of their own, which wait
   * in a loop for 0.2 ms.
   */
  spin?: boolean;
  /**
   * Training kernels on the CPU: true (default) uses them where they are installed, false never, a path names their library.
   * `backend.kernels` tells which are in use; some that are there and cannot be used are an error.
   */
  kernels?: boolean | string;
  /** Write ONNX Runtime's profile of every graph to files with this prefix. */
  profilePrefix?: string;
}

/** Registers the backend "onnx" with TensorFlow.js and makes it the current one. Calling it again with other options starts anew. */
export async function useOnnx(options: OnnxOptions = {}): Promise<OnnxBackend> {
  const backend = startOnnx(options);
  if (findBackendFactory(BACKEND)) removeBackend(BACKEND);
  registerBackend(BACKEND, () => backend, 3);
  offerOwnOperations("path" in backend.kernels);
  await setBackend(BACKEND);
  return backend;
}

/** Makes the backend alone and does not register it. */
export function startOnnx(options: OnnxOptions = {}): OnnxBackend {
  const { provider = "cpu", threads = availableParallelism(), graphs = 256, profilePrefix } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new Error(`useOnnx: threads must be a whole number of at least 1, got ${threads}.`);
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
  saveWithoutCalls(BACKEND);
  return new OnnxBackend(new LazyEngine(runtime, { graphs, pendingNodes: 20_000, droppedBytes: 2 ** 31 }), kernels);
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
