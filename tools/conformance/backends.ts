/**
 * The backends that the suite can run on, loaded the way a user's program loads them: from their packages, beside the bundled tests.
 *
 * The bundle holds its own copy of tfjs-core; both copies share one engine and one registry of kernels, which tfjs-core keeps on
 * `globalThis`.
 */
import { env, findBackendFactory, setBackend } from "@tensorflow/tfjs-core";

export interface BackendOptions {
  /** The engine onnx computes by its kernels. */
  kernels: boolean;
  /** It leaves small graphs to the CPU backend's kernels: nearly all of the suite's. */
  interpret: boolean;
}

const loaders: Record<string, (options: BackendOptions) => Promise<unknown>> = {
  onnx: async ({ kernels: wanted, interpret }) => {
    const { useOnnx } = await import("@autodidact/tfjs-backend-onnx");
    const { kernels } = await useOnnx({ kernels: wanted, interpret });
    if (wanted && "absent" in kernels) {
      throw new Error(
        `conformance: --kernels on needs kernels, and there are none: ${kernels.absent}. ${kernels.remedy}`,
      );
    }
  },
  cpu: () => import("@tensorflow/tfjs-backend-cpu"),
  wasm: () => import("@tensorflow/tfjs-backend-wasm"),
};

export const backendNames = Object.keys(loaders);

export async function loadBackend(name: string, options: BackendOptions): Promise<void> {
  const load = loaders[name];
  if (load === undefined) {
    throw new Error(`conformance: --backend must be one of ${backendNames.join(", ")}, got ${name}.`);
  }
  env().set("IS_TEST", true); // no greeting from the cpu backend
  await load(options);
  // The tests reset the engine hundreds of times; only a registered factory brings the backend back.
  if (findBackendFactory(name) === null) {
    throw new Error(`conformance: the package of backend ${name} registered no factory for it (registerBackend).`);
  }
  if (!(await setBackend(name))) throw new Error(`conformance: backend ${name} did not start; see its message above.`);
}
