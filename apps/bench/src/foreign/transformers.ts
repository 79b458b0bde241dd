/**
 * Models as transformers.js reads them, from a folder: its network, and what prepares its inputs.
 */

import { basename, dirname } from "node:path";
import { type FeatureTable, onnxFiles, onnxHash, type PoolOptions, pooledStates, UsageError } from "@autodidact/core";
import type { ForeignEncoder } from "@autodidact/evaluate";
import { isMissing } from "../modalities.js";

export type Transformers = typeof import("@huggingface/transformers");

const PACKAGE = "@huggingface/transformers";

/** An optional peer: refuses with the command that brings it. It asks no server for anything: what it reads is in a folder. */
export async function loadTransformers(
  load: () => Promise<Transformers> = () => import("@huggingface/transformers"),
): Promise<Transformers> {
  try {
    const transformers = await load();
    transformers.env.allowRemoteModels = false;
    transformers.env.useFSCache = false;
    transformers.env.logLevel = transformers.LogLevel.ERROR;
    return transformers;
  } catch (error) {
    if (!isMissing(error, PACKAGE)) throw error;
    throw new UsageError(
      `Folders with onnx/ and models of the hub are read by transformers.js, which is not installed. Bring it: npm install ${PACKAGE}`,
      { cause: error },
    );
  }
}

interface ModelOutput {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

export interface TransformersModel {
  readonly weights: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Features [N, D] of what a processor prepared. */
  features(inputs: object, seen?: PoolOptions["seen"]): Promise<FeatureTable>;
  release(): Promise<void>;
}

/** The network of `onnx/`, in the floats that its file has. */
export async function transformersModel(
  { file, folder, told }: ForeignEncoder,
  { AutoModel }: Transformers,
): Promise<TransformersModel> {
  const { output, pooling = "mean" } = told;
  const chunks = (await onnxFiles(file)).length - 1;
  const model = await AutoModel.from_pretrained(folder!, {
    local_files_only: true,
    subfolder: basename(dirname(file)),
    model_file_name: basename(file, ".onnx"),
    dtype: "fp32", // of the file's name: no suffix
    ...(chunks > 0 && { use_external_data_format: chunks }),
  });
  const run = model as unknown as (inputs: object) => Promise<Readonly<Record<string, ModelOutput>>>;
  const { model_type: type } = model.config as { model_type?: string };
  return {
    weights: await onnxHash(file),
    config: { model_type: type ?? "onnx", file: basename(file), output: output ?? USUAL_OUTPUTS[0]!, pooling },
    async features(inputs, seen) {
      const { dims: shape, data } = outputIn(await run(inputs), output, folder!);
      return pooledStates({ shape, values: Float32Array.from(data as ArrayLike<number>) }, { pooling, seen });
    },
    release: async () => void (await model.dispose()),
  };
}

const USUAL_OUTPUTS = ["last_hidden_state", "token_embeddings"];

function outputIn(
  outputs: Readonly<Record<string, ModelOutput>>,
  told: string | undefined,
  folder: string,
): ModelOutput {
  const names = Object.keys(outputs).filter((name) => outputs[name]?.type === "float32");
  const usual = USUAL_OUTPUTS.find((name) => names.includes(name));
  const chosen = told ?? usual ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined && names.includes(chosen)) return outputs[chosen]!;
  throw new UsageError(
    `${folder} ${told === undefined ? "does not say which of its outputs holds the features" : `has no output ${told} of float32`}; it has ${names.join(", ") || "none"}. Tell it: --onnx output=NAME`,
  );
}
