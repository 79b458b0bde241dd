/**
 * The child process of a contender that runs programs written for TensorFlow.js, with nothing but the backend chosen.
 */
import * as tf from "@tensorflow/tfjs-core";
import { type Contender, serve } from "../harness/serve.js";
import { calls } from "../programs/calls.js";
import { type FitSize, fit } from "../programs/layers.js";

await serve(async ({ work, variant, threads, size }): Promise<Contender> => {
  await import("@autodidact/tfjs-backend-onnx/gradients");
  const { useOnnx } = await import("@autodidact/tfjs-backend-onnx");
  const backend = variant === "onnx" ? await useOnnx({ threads }) : undefined;
  if (!backend) {
    await import("@tensorflow/tfjs-backend-cpu");
    await tf.setBackend("cpu");
  }
  return {
    version: `tfjs ${tf.version_core}`,
    step: work === "fit" ? fit(size as unknown as FitSize) : calls(work),
    engine: backend && (() => backend.stats()),
  };
});
