/**
 * What data and encoders hold, as hashes of their files: what a cell is known by, before anything is loaded.
 */
import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import {
  CorruptSampleError,
  delimited,
  exists,
  fingerprintFiles,
  latestCheckpoint,
  type SourceFile,
  sourceFiles,
} from "@autodidact/core";
import { contentHash } from "../record/content-address.js";

export interface HashOptions {
  /** A folder in which hashes are remembered, with the sizes and times of the files that they were made of. */
  readonly memory?: string | undefined;
}

/** Names and contents of all files; of a table that names files, theirs too. Hidden files count for nothing. */
export async function dataHash(path: string, options: HashOptions = {}): Promise<string> {
  const { files } = await sourceFiles("dataHash", path);
  const isTable = files.length === 1 && /\.(csv|tsv)(\.gz)?$/i.test(path);
  const named = isTable ? await filesNamedIn(path) : [];
  return hashOf(path, [...files, ...named], options);
}

/** What results are made of: the finished encoder of a run with its settings, else its last checkpoint; all of another folder. */
export async function encoderHash(folder: string, options: HashOptions = {}): Promise<string> {
  const { files } = await sourceFiles("encoderHash", await weightsFolder(folder));
  const config = join(folder, "config.json");
  const ofRun = (await exists(config)) ? [{ path: config, id: "config.json", bytes: 0 }] : [];
  return hashOf(folder, [...ofRun, ...files.filter(({ id }) => !isBeside(id))], options);
}

async function weightsFolder(folder: string): Promise<string> {
  const finished = join(folder, "encoder");
  if (await exists(join(finished, "model.safetensors"))) return finished;
  const checkpoints = join(folder, "checkpoints");
  if (!(await exists(checkpoints))) return folder;
  const { checkpoint } = await latestCheckpoint(checkpoints);
  return checkpoint === undefined ? folder : join(checkpoints, `step-${checkpoint.step}`);
}

/** What is made of weights, or written beside them: an export adds onnx/ and changes no score. */
const isBeside = (id: string) => /^(onnx\/|results\.jsonl$|SHA256SUMS$|config\.json$)/.test(id);

async function hashOf(path: string, files: readonly SourceFile[], { memory }: HashOptions): Promise<string> {
  const memo = memory && join(memory, `${contentHash({ path }).slice("sha256:".length)}.json`);
  const hash = await fingerprintFiles(
    files.map((file) => file.path),
    { memo },
  );
  return contentHash({ names: files.map(({ id }) => id), hash });
}

/** In the columns whose first row names a file beside the table. */
async function filesNamedIn(table: string): Promise<SourceFile[]> {
  const named = new Map<string, SourceFile>();
  let columns: string[] | undefined;
  for await (const row of delimited({ path: table, id: basename(table), bytes: 0 })) {
    if (row instanceof CorruptSampleError) continue;
    const placeOf = (column: string) => {
      const value = String(row.value(column) ?? "").trim();
      return isAbsolute(value) ? value : join(dirname(table), value);
    };
    if (columns === undefined) {
      columns = [];
      for (const column of row.columns) if (await isFile(placeOf(column))) columns.push(column);
    }
    for (const column of columns) {
      const path = placeOf(column);
      named.set(path, { path, id: String(row.value(column)), bytes: 0 });
    }
  }
  return [...named.values()];
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false, // a text, a label
  );
