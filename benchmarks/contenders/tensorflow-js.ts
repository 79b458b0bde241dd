/**
 * The child process of every TensorFlow.js contender: one program on one backend.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { OnnxOptions, Stats } from "@autodidact/tfjs-backend-onnx";
import * as core from "@tensorflow/tfjs-core";
import type { Task } from "../harness/protocol.js";
import { type Contender, serve } from "../harness/serve.js";
import { createProgram } from "../programs/index.js";
import { type Compile, type Execute, executeDirectly, executeReplayed, type TensorFlow } from "../programs/program.js";

interface Engine {
  readonly tf: TensorFlow;
  readonly version: string;
  readonly execute: Execute;
  counters?(): Stats;
}

await serve(async (task): Promise<Contender> => {
  const { tf, version, execute, counters } = await openEngine(task);
  const step = createProgram(task.work, task.size, tf, execute);
  return { version, step, engine: counters };
});

async function openEngine(task: Task): Promise<Engine> {
  switch (task.variant) {
    case "onnx-traced":
    case "onnx-replayed":
      return openOnnx(task);
    case "tfjs-node":
      return openTfjsNode(task);
    case "wasm":
      await import("@tensorflow/tfjs-backend-wasm");
      return openPlain("wasm");
    case "cpu":
      await import("@tensorflow/tfjs-backend-cpu");
      return openPlain("cpu");
    default:
      throw new Error(`openEngine: no TensorFlow.js contender is called ${task.variant}.`);
  }
}

async function openOnnx({ variant, threads, provider }: Task): Promise<Engine> {
  const { compile, useOnnx } = await import("@autodidact/tfjs-backend-onnx");
  await import("@autodidact/tfjs-backend-onnx/gradients");
  const backend = await useOnnx({ threads, provider: provider as OnnxOptions["provider"] });
  return {
    tf: core,
    version: `ONNX Runtime ${backend.lazy.runtime.version}`,
    execute: variant === "onnx-replayed" ? executeReplayed(core, compile as Compile) : executeDirectly(core),
    counters: () => backend.stats(),
  };
}

async function openPlain(backend: "wasm" | "cpu"): Promise<Engine> {
  await import("@autodidact/tfjs-backend-onnx/gradients");
  if (!(await core.setBackend(backend))) throw new Error(`openPlain: backend ${backend} does not start here.`);
  await core.ready();
  return { tf: core, version: `tfjs ${core.version_core}`, execute: executeDirectly(core) };
}

/** tfjs-node comes with its own copy of TensorFlow.js, from the folder in which it was built. */
function openTfjsNode({ tfjsNode, threads }: Task): Engine {
  if (!tfjsNode) throw new Error("openTfjsNode: a folder must be given. Build one with tools/tfjs-node/build.ts.");
  process.env.TF_NUM_INTRAOP_THREADS = `${threads}`;
  const tf = createRequire(join(tfjsNode, "package.json"))("@tensorflow/tfjs-node") as TensorFlow;
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return { tf, version: `TensorFlow ${binding.TF_Version}`, execute: executeDirectly(tf) };
}
