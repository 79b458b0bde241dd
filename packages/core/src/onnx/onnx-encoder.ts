/**
 * An encoder in a file of ONNX, whoever made it: what it takes, and the rows of features that it gives.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ModelPort, type ModelTensor, openModel } from "@autodidact/tfjs-backend-onnx";
import { fingerprintFiles } from "../data/fingerprint-files.js";
import type { FeatureTable } from "../features/feature-table.js";
import { UsageError } from "../usage-error.js";
import { type Pooling, type PoolOptions, pooledStates } from "./pooled-states.js";

export interface OnnxEncoderOptions {
  /** Which output holds the features; `last_hidden_state` unless told, or the only one. */
  readonly output?: string | undefined;
  /** How the states of an example become a row; their mean unless told. */
  readonly pooling?: Pooling | undefined;
  /** The processor's; all cores unless told. */
  readonly threads?: number | undefined;
}

export interface OnnxEncoder {
  readonly inputs: readonly ModelPort[];
  /** What it is, for records. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `sha256:…` of the file and of the weights that it keeps beside itself. */
  readonly weights: string;
  /** Features [N, D] of a batch; `seen` as of `pooledStates`. */
  features(inputs: Readonly<Record<string, ModelTensor>>, seen?: PoolOptions["seen"]): Promise<FeatureTable>;
  release(): Promise<void>;
}

/** Throws where it is unclear which output holds the features. */
export async function openOnnxEncoder(path: string, options: OnnxEncoderOptions = {}): Promise<OnnxEncoder> {
  const { pooling = "mean", threads } = options;
  const weights = await onnxHash(path);
  const model = await openModel(path, { threads });
  const output = chosenOutput(path, model.outputs, options.output);
  return {
    inputs: model.inputs,
    config: { model_type: "onnx", file: basename(path), output, pooling },
    weights,
    async features(inputs, seen) {
      const { shape, data } = (await model.run(inputs))[output]!;
      return pooledStates({ shape, values: data as Float32Array }, { pooling, seen });
    },
    release: model.release,
  };
}

/** `sha256:…` of a model's file and of those that begin with its name: weights of more than 2 GB are kept apart. */
export async function onnxHash(path: string): Promise<string> {
  return fingerprintFiles(await onnxFiles(path), { wholeUpTo: Number.POSITIVE_INFINITY });
}

/** The model's file, then `model.onnx_data` and `model.onnx.data`. */
export async function onnxFiles(path: string): Promise<string[]> {
  const [folder, name] = [dirname(path), basename(path)];
  const beside = (await readdir(folder)).filter(
    (other) => /^[_.]data/.test(other.slice(name.length)) && other.startsWith(name),
  );
  return [path, ...beside.sort().map((other) => join(folder, other))];
}

const USUAL_OUTPUTS = ["last_hidden_state", "token_embeddings"];

function chosenOutput(path: string, outputs: readonly ModelPort[], told: string | undefined): string {
  const names = outputs.filter(({ type }) => type === "float32").map(({ name }) => name);
  const usual =
    told ?? USUAL_OUTPUTS.find((name) => names.includes(name)) ?? (names.length === 1 ? names[0] : undefined);
  if (usual !== undefined && names.includes(usual)) return usual;
  const has = names.length === 0 ? "and has none of float32" : `which are ${names.join(", ")}`;
  throw new UsageError(
    told === undefined
      ? `${path} does not say which of its outputs holds the features, ${has}. Tell it: { output: "${names[0] ?? "name"}" }.`
      : `${path} has no output ${told} of float32 among its outputs, ${has}.`,
  );
}

/** A JSON file beside the model, or in the folder above its `onnx/`; undefined where there is none. */
export async function besideOnnx(path: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readFile(join(await folderOfOnnx(path, name), name), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw error;
    },
  );
  if (text === undefined) return undefined;
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`besideOnnx: ${name} beside ${path} must be JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** Where the files lie that say how inputs are prepared: the model's folder, or the one above its `onnx/`. */
export async function folderOfOnnx(path: string, name: string): Promise<string> {
  const own = dirname(path);
  const has = (await readdir(own)).includes(name);
  return has || basename(own) !== "onnx" ? own : dirname(own);
}
