/**
 * Models in folders: `file://` URLs, in the layout of tfjs-node and of tensorflowjs_converter, model.json beside weights.bin.
 */
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { commitFilledFile } from "@autodidact/core/commit-file";
import { io } from "@tensorflow/tfjs";
import { readModel, readTopologyAndManifest } from "./read-model.js";

const SCHEME = "file://";
const MODEL_FILE = "model.json";
const WEIGHTS_FILE = "weights.bin";
/** TensorFlow.js's routers answer null to what is not theirs; its types do not say so. */
const NOT_OURS = null as unknown as io.IOHandler;

export class NodeFileSystem implements io.IOHandler {
  static readonly URL_SCHEME = SCHEME;
  private readonly paths: readonly string[];

  /** To save, a folder. To load, the path of a model.json; or two paths, of a binary topology and of its weights' manifest. */
  constructor(path: string | string[]) {
    const paths = Array.isArray(path) ? path : [path];
    if (Array.isArray(path) && path.length !== 2)
      throw new Error(
        `tf.io.fileSystem: an array must hold two paths, of a topology and of its weights' manifest, got ${path.length}.`,
      );
    for (const each of paths)
      if (typeof each !== "string" || each === "")
        throw new Error(`tf.io.fileSystem: a path must be a text that is not empty, got ${JSON.stringify(each)}.`);
    this.paths = paths.map((each) => resolve(each));
  }

  async save(artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
    const [folder = "", second] = this.paths;
    if (second !== undefined)
      throw new Error(`tf.io.fileSystem: a model is saved to one folder, got the paths ${this.paths.join(" and ")}.`);
    if (artifacts.modelTopology instanceof ArrayBuffer)
      throw new Error(`tf.io.fileSystem: a topology must be JSON to be saved, got bytes. ${folder} was not written.`);
    await makeFolder(folder);
    const pieces = piecesOf(artifacts.weightData);
    // The weights take their place last but one, when both files are whole on the disk: a killed process leaves the older pair.
    await commitFilledFile(join(folder, MODEL_FILE), async (model) => {
      await model.writeFile(JSON.stringify(modelJson(artifacts)));
      await commitFilledFile(join(folder, WEIGHTS_FILE), async (weights) => {
        for (const piece of pieces) await weights.writeFile(new Uint8Array(piece));
      });
    });
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
  }

  async load(): Promise<io.ModelArtifacts> {
    const [path = "", manifest] = this.paths;
    return manifest === undefined ? readModel(path) : readTopologyAndManifest(path, manifest);
  }
}

/** The handler of a path, for `model.save` and `tf.loadLayersModel`. */
export function fileSystem(path: string | string[]): NodeFileSystem {
  return new NodeFileSystem(path);
}

/** The handler of `file://` URLs; null to others, so that TensorFlow.js asks the next router. */
export function fileSystemRouter(url: string | string[]): io.IOHandler {
  const urls = Array.isArray(url) ? url : [url];
  if (!urls.every((each) => typeof each === "string" && each.startsWith(SCHEME))) return NOT_OURS;
  const paths = urls.map((each) => each.slice(SCHEME.length));
  return new NodeFileSystem(Array.isArray(url) ? paths : paths[0]!);
}

/** In tfjs-node's order of keys; those that a model lacks are left out by JSON. */
function modelJson(artifacts: io.ModelArtifacts): io.ModelJSON {
  const { modelTopology, weightSpecs = [], format, generatedBy, convertedBy } = artifacts;
  const { trainingConfig, signature, userDefinedMetadata, modelInitializer, initializerSignature } = artifacts;
  return {
    modelTopology: modelTopology as object,
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }],
    format,
    generatedBy,
    convertedBy,
    trainingConfig: trainingConfig ?? undefined,
    signature: signature ?? undefined,
    userDefinedMetadata: userDefinedMetadata ?? undefined,
    modelInitializer: modelInitializer ?? undefined,
    initializerSignature: initializerSignature ?? undefined,
  };
}

function piecesOf(data: io.WeightData | undefined): readonly ArrayBuffer[] {
  if (data === undefined) return [];
  return Array.isArray(data) ? data : [data];
}

async function makeFolder(path: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (there !== undefined && !there.isDirectory())
    throw new Error(
      `tf.io.fileSystem: Path ${path} exists as a file. The path must be nonexistent or point to a directory.`,
    );
  await mkdir(path, { recursive: true });
}
