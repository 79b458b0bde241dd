/**
 * The child process of a contender that runs one of the drop-in's examples, as it stands but for its sizes. A step is an epoch.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createRandom } from "@autodidact/core";
import type { Stats } from "@autodidact/tfjs-backend-onnx";
import * as drop from "@autodidact/tfjs-node";
import type { Task } from "../harness/protocol.js";
import { type Contender, serve } from "../harness/serve.js";
import { holdAtEpochs } from "../programs/epochs.js";
import { resized } from "../programs/example.js";

type TensorFlow = typeof drop;

interface Engine {
  readonly tf: TensorFlow;
  readonly version: string;
  counters?(): Stats;
}

await serve(async (task): Promise<Contender> => {
  const { tf, version, counters } = await openEngine(task);
  const random = createRandom(1);
  Math.random = () => random.uniform(); // every contender draws the same
  const step = await holdAtEpochs(tf, (library) => run(task, library));
  return { version, step, engine: counters };
});

async function run({ work, size }: Task, library: TensorFlow): Promise<void> {
  const file = new URL(`../../packages/tfjs-node/examples/${work}.mjs`, import.meta.url);
  const source = resized(readFileSync(file, "utf8"), size);
  Object.assign(globalThis, { tensorflow: library });
  await import(`data:text/javascript,${encodeURIComponent(source)}`);
}

async function openEngine({ variant, threads, tfjsNode }: Task): Promise<Engine> {
  if (variant === "tfjs-node") return openTfjsNode(tfjsNode, threads);
  if (variant === "onnx") {
    const backend = await drop.useOnnx({ threads });
    return { tf: drop, version: `ONNX Runtime ${backend.lazy.runtime.version}`, counters: () => backend.stats() };
  }
  if (variant === "wasm") await import("@tensorflow/tfjs-backend-wasm");
  if (!(await drop.setBackend(variant))) throw new Error(`openEngine: backend ${variant} does not start here.`);
  return { tf: drop, version: `tfjs ${drop.version["tfjs-core"]}` };
}

/** tfjs-node comes with its own copy of TensorFlow.js, from the folder in which it was built. */
function openTfjsNode(folder: string | undefined, threads: number): Engine {
  if (!folder) throw new Error("openTfjsNode: a folder must be given. Build one with tools/tfjs-node/build.ts.");
  process.env.TF_NUM_INTRAOP_THREADS = `${threads}`;
  const tf = createRequire(join(folder, "package.json"))("@tensorflow/tfjs-node") as TensorFlow;
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return { tf, version: `TensorFlow ${binding.TF_Version}` };
}
