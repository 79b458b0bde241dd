/** A model's files to what TensorFlow.js makes models of. */
import { open, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { io } from "@tensorflow/tfjs";

/** Node reads no more into one buffer at once, on every version that runs this. */
const PIECE_BYTES = 2 ** 30;

/** `path` is a model.json; its weights lie beside it, where its manifest says. More bytes of them than `pieceBytes` come in pieces. */
export async function readModel(path: string, pieceBytes = PIECE_BYTES): Promise<io.ModelArtifacts> {
  await assertFile(path, "Path");
  const model = await readJson<io.ModelJSON>(path);
  if (typeof model !== "object" || model === null || !("modelTopology" in model || "weightsManifest" in model))
    throw new Error(
      `tf.io.fileSystem: ${path} must hold a model's modelTopology or weightsManifest, and it has neither. ` +
        "Name the model.json that model.save or tensorflowjs_converter wrote.",
    );
  return io.getModelArtifactsForJSON(model, (manifest) => readWeights(manifest, path, pieceBytes));
}

/** The layout of before 2019: a binary topology (.pb) and a manifest of its weights. */
export async function readTopologyAndManifest(topology: string, manifest: string): Promise<io.ModelArtifacts> {
  await assertFile(topology, "Topology Path");
  await assertFile(manifest, "Weight Manifest Path");
  const [weightSpecs, weightData] = await readWeights(await readJson<io.WeightsManifestConfig>(manifest), manifest);
  const bytes = await readFile(topology);
  return {
    modelTopology: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    weightSpecs,
    weightData,
  };
}

async function readWeights(
  manifest: io.WeightsManifestConfig,
  beside: string,
  pieceBytes = PIECE_BYTES,
): Promise<[io.WeightsManifestEntry[], io.WeightData]> {
  const pieces: ArrayBuffer[] = [];
  for (const path of manifest.flatMap(({ paths }) => paths))
    pieces.push(...(await readPieces(join(dirname(beside), path), pieceBytes)));
  const specs = manifest.flatMap(({ weights }) => weights);
  const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return [specs, bytes > pieceBytes ? pieces : new io.CompositeArrayBuffer(pieces).slice()];
}

/** A file in pieces: weights may be larger than what one read gives. */
async function readPieces(path: string, pieceBytes: number): Promise<ArrayBuffer[]> {
  await assertFile(path, "Weight file");
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const pieces: ArrayBuffer[] = [];
    for (let at = 0; at < size; at += pieceBytes) {
      const piece = new Uint8Array(Math.min(pieceBytes, size - at));
      for (let filled = 0; filled < piece.length; ) {
        const { bytesRead } = await file.read(piece, filled, piece.length - filled, at + filled);
        if (bytesRead === 0) throw new Error(`tf.io.fileSystem: ${path} was cut short while it was read.`);
        filled += bytesRead;
      }
      pieces.push(piece.buffer);
    }
    return pieces;
  } finally {
    await file.close();
  }
}

async function readJson<T>(path: string): Promise<T> {
  const text = await readFile(path, "utf8");
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`tf.io.fileSystem: ${path} must be JSON: ${message}. Name the model's model.json.`, {
      cause: error,
    });
  }
}

/** tfjs-node's words, and what to do. */
async function assertFile(path: string, what: string): Promise<void> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw new Error(
      `tf.io.fileSystem: ${what} ${path} does not exist: loading failed. Name the model.json of a saved model, ` +
        'as in "file://folder/model.json"; a path that does not begin with / is looked for from the working directory.',
    );
  });
  if (!info.isFile())
    throw new Error(
      `tf.io.fileSystem: The path to load from must be a file. Loading from a directory is not supported, ` +
        `got ${path}. Name the file in it: ${join(path, "model.json")}.`,
    );
}
