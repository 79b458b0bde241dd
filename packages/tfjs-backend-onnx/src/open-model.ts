/**
 * A model of ONNX as somebody made it: named tensors in, named tensors out. It runs in a session of onnxruntime-node's own, beside the engine's.
 */
import { createRequire } from "node:module";
import type { InferenceSession } from "onnxruntime-node";

export interface ModelPort {
  readonly name: string;
  /** ONNX's: float32, int64, … */
  readonly type: string;
  /** A name, or a number below 0, is of any length. */
  readonly shape: readonly (number | string)[];
}

export interface ModelTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

export interface OnnxModel {
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  /** All outputs that hold numbers, by name; of float16 and other types none. */
  run(inputs: Readonly<Record<string, ModelTensor>>): Promise<Readonly<Record<string, ModelTensor>>>;
  release(): Promise<void>;
}

export interface OpenModelOptions {
  /** The processor's; all cores unless told. */
  readonly threads?: number | undefined;
}

/** Errors are thrown; ONNX Runtime itself writes nothing of them to the terminal. */
const LOG_FATAL = 4;

/** Reads a `.onnx` file, and what it keeps beside itself. Start the engine first, where there is one: ONNX Runtime takes its threads from whoever is first. */
export async function openModel(path: string, { threads }: OpenModelOptions = {}): Promise<OnnxModel> {
  const runtime = createRequire(import.meta.url)("onnxruntime-node") as typeof import("onnxruntime-node");
  const session = await runtime.InferenceSession.create(path, {
    logSeverityLevel: LOG_FATAL,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  }).catch((error: Error) => {
    throw new Error(
      `openModel: ${path} must be a model that ONNX Runtime reads, and is not: ${error.message.split("\n")[0]}`,
      { cause: error },
    );
  });
  return {
    inputs: session.inputMetadata.map(portOf),
    outputs: session.outputMetadata.map(portOf),
    async run(inputs) {
      const feeds = Object.entries(inputs).map(([name, { type, data, shape }]) => {
        const { Tensor } = runtime;
        return [name, new Tensor(type as "float32", data as Float32Array, shape)] as const;
      });
      const made = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(Object.entries(made).flatMap(([name, value]) => tensorOf(name, value)));
    },
    release: () => session.release(),
  };
}

function portOf(value: InferenceSession.ValueMetadata): ModelPort {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: "no tensor", shape: [] };
}

function tensorOf(name: string, value: InferenceSession.OnnxValueMapType[string]): [string, ModelTensor][] {
  const { type, dims: shape, data } = value;
  const isRead = data instanceof Float32Array || data instanceof Int32Array || data instanceof BigInt64Array;
  return isRead ? [[name, { type, shape, data }]] : [];
}
