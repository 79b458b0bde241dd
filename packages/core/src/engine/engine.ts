/**
 * Which TensorFlow.js backend computes: chosen once, said aloud, never changed silently.
 */
import "@autodidact/tfjs-backend-onnx/gradients";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type KernelsInUse, type NoKernels, useOnnx } from "@autodidact/tfjs-backend-onnx";
import * as tf from "@tensorflow/tfjs-core";
import { teachExplicitPadding } from "../functions/explicit-padding.js";
import { UsageError } from "../usage-error.js";

export type EngineName = "onnx" | "tensorflow" | "cpu";
export type Provider = "cpu" | "webgpu" | "cuda";

export interface EngineOptions {
  /** `auto`: TensorFlow where @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node is installed and loads, else ONNX Runtime. */
  engine?: EngineName | "auto";
  /** Where the engine computes; its own default unless told. */
  provider?: Provider;
  /** The processor's threads; all cores unless told. */
  threads?: number;
  /** Another ONNX Runtime library, or the folder whose node_modules holds @tensorflow/tfjs-node. */
  libraryPath?: string;
  /** Training kernels of the engine onnx on the CPU; true unless told. */
  kernels?: boolean;
}

export interface EngineDescription {
  readonly name: EngineName;
  readonly provider: Provider;
  /** null where the engine does not tell. */
  readonly threads: number | null;
  readonly version: string;
  /** Training kernels of the engine onnx: which, or why there are none. null for other engines. */
  readonly kernels: KernelsInUse | NoKernels | null;
  /** Why this one, in words for the user. */
  readonly why: string;
}

const providersOf: Record<EngineName, readonly Provider[]> = {
  onnx: ["cpu", "webgpu"],
  tensorflow: ["cpu", "cuda"],
  cpu: ["cpu"],
};
const engines = Object.keys(providersOf) as EngineName[];

/** Makes the engine TensorFlow.js's current backend, with all gradients registered. */
export async function chooseEngine(options: EngineOptions = {}): Promise<EngineDescription> {
  const { engine = "auto", provider, threads } = options;
  if (engine !== "auto" && !engines.includes(engine)) {
    throw new UsageError(`chooseEngine: engine must be auto, ${engines.join(", ")}, got "${engine}".`);
  }
  const able = engines.filter((name) => provider === undefined || providersOf[name].includes(provider));
  if (able.length === 0 || (engine !== "auto" && !able.includes(engine))) {
    const offered = engines.map((name) => `${name}: ${providersOf[name].join(" or ")}`).join("; ");
    throw new UsageError(`chooseEngine: the engine ${engine} has no provider "${provider}". Providers: ${offered}.`);
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new UsageError(`chooseEngine: threads must be a whole number from 1, got ${threads}.`);
  }
  if (engine === "auto") return chooseAutomatically(options, able);
  const start = { onnx: startOnnx, tensorflow: startTensorflow, cpu: startCpu }[engine];
  return start(options, "asked for");
}

async function chooseAutomatically(options: EngineOptions, able: EngineName[]): Promise<EngineDescription> {
  const because = options.provider === undefined ? "" : ` with provider ${options.provider}`;
  if (!able.includes("onnx")) return startTensorflow(options, `auto: the engine${because}`);
  if (!able.includes("tensorflow")) return startOnnx(options, `auto: the engine${because}`);
  if (options.threads !== undefined) return startOnnx(options, "auto: the engine whose threads can be set");

  const found = tensorflowPackages.find((name) => locate(name, options.libraryPath) !== undefined);
  if (found === undefined) return startOnnx(options, "auto: @tensorflow/tfjs-node is not installed");
  try {
    return await startTensorflow(options, `auto: ${found} is installed`);
  } catch (error) {
    return startOnnx(
      { ...options, libraryPath: undefined },
      `auto: ${found} is installed but does not load (${firstLine(error)})`,
    );
  }
}

async function startOnnx(
  { provider = "cpu", threads, libraryPath, kernels: wanted }: EngineOptions,
  why: string,
): Promise<EngineDescription> {
  const { lazy, kernels } = await useOnnx({
    provider: provider as "cpu" | "webgpu",
    threads,
    libraryPath,
    kernels: wanted,
    interpret: false, // equal runs give equal bits, whatever was computed before
  });
  const { version, options } = lazy.runtime;
  return { name: "onnx", provider, threads: options.threads, version: `ONNX Runtime ${version}`, kernels, why };
}

/** They are tried in this order, and not declared as optional peers: package managers would try to install them, which fails on many machines. */
const tensorflowPackages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

async function startTensorflow(options: EngineOptions, why: string): Promise<EngineDescription> {
  if (options.threads !== undefined) {
    throw new UsageError(
      "chooseEngine: the engine tensorflow takes no threads. Set the environment variable TF_NUM_INTRAOP_THREADS.",
    );
  }
  const isWanted = (name: string) => options.provider === undefined || isGpu(name) === (options.provider === "cuda");
  const wanted = tensorflowPackages.filter(isWanted);
  const [found] = wanted.flatMap((name) => locate(name, options.libraryPath) ?? []);
  if (found === undefined) {
    throw new UsageError(
      `chooseEngine: the engine tensorflow needs ${wanted.join(" or ")}, and it is not installed. Install it, or take one of: onnx, cpu.`,
    );
  }
  const { version } = quietly(() => found.load() as { version: Record<string, string> });
  if (!(await tf.setBackend("tensorflow"))) {
    throw new Error(`chooseEngine: ${found.name} loaded but its backend did not start. Take one of: onnx, cpu.`);
  }
  teachExplicitPadding();
  const { binding } = tf.backend() as unknown as { binding?: { TF_Version?: string } };
  return {
    name: "tensorflow",
    provider: isGpu(found.name) ? "cuda" : "cpu",
    threads: null,
    version: `TensorFlow ${binding?.TF_Version ?? "of unknown version"} (${found.name} ${version["tfjs-node"]})`,
    kernels: null,
    why,
  };
}

const isGpu = (name: string) => name.endsWith("-gpu");

/** tfjs-node registers the kernels of `cpu` once more, with a warning for each; production mode has none. */
function quietly<T>(body: () => T): T {
  const environment = tf.env();
  const before = environment.getBool("PROD");
  environment.set("PROD", true);
  try {
    return body();
  } finally {
    environment.set("PROD", before);
  }
}

async function startCpu({ threads, libraryPath }: EngineOptions, why: string): Promise<EngineDescription> {
  if ((threads ?? 1) !== 1) {
    throw new UsageError(`chooseEngine: the engine cpu has one thread, got ${threads}. Take onnx for more.`);
  }
  const found = locate("@tensorflow/tfjs-backend-cpu", libraryPath);
  if (found === undefined) {
    throw new UsageError(
      "chooseEngine: the engine cpu needs @tensorflow/tfjs-backend-cpu, and it is not installed. Install it, or take onnx.",
    );
  }
  const { version_cpu: version } = found.load() as { version_cpu: string };
  await tf.setBackend("cpu");
  Object.assign(tf.backend(), { firstUse: false }); // no banner: which engine to take is this module's advice
  return { name: "cpu", provider: "cpu", threads: 1, version: `tfjs-backend-cpu ${version}`, kernels: null, why };
}

/** An optional package: in the folder told, else beside this one, else in the user's project. */
function locate(name: string, folder?: string): { name: string; load(): unknown } | undefined {
  const beside = [import.meta.url, join(process.cwd(), "package.json")];
  for (const place of folder === undefined ? beside : [join(folder, "package.json")]) {
    const require = createRequire(place);
    try {
      require.resolve(name);
      return { name, load: () => require(name) };
    } catch {
      // not there: the next place
    }
  }
  return undefined;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}
