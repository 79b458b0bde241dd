/**
 * The weights of a folder as Python's libraries write them: one model.safetensors, or several files that an index lists.
 *
 * Shapes are known before a tensor is read. A tensor that was left out because another is the same (`save_model` of safetensors, which names
 * it in the file's metadata) is there again.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describeSafetensors, readSafetensors } from "./file.js";
import type { StoredTensor } from "./stored-tensor.js";

export interface WeightsFiles {
  /** The file, or the index of several; names them in errors. */
  readonly path: string;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  read(): Promise<Map<string, StoredTensor>>;
  /** The hash of the files, `sha256:…`, wherever they lie. */
  fingerprint(): Promise<string>;
}

const ONE = "model.safetensors";
const INDEX = "model.safetensors.index.json";
const MAX_INDEX_BYTES = 10_000_000;
const MAX_FILES = 1_000;

/** Undefined where the folder has neither. */
export async function openWeights(folder: string): Promise<WeightsFiles | undefined> {
  const one = join(folder, ONE);
  if (await isThere(one)) return openFiles(one, [one]);
  const index = join(folder, INDEX);
  if (!(await isThere(index))) return undefined;
  const owners = await readIndex(index);
  const names = [...new Set(owners.values())].sort();
  for (const name of names) {
    if (!(await isThere(join(folder, name)))) throw new Error(`${index} lists ${name}, which is not there.`);
  }
  const weights = await openFiles(
    index,
    names.map((name) => join(folder, name)),
  );
  const missing = [...owners.keys()].find((tensor) => !weights.shapes.has(tensor));
  if (missing === undefined) return weights;
  throw new Error(`${index} says that ${missing} is in ${owners.get(missing)}, and it is not.`);
}

async function openFiles(path: string, files: readonly string[]): Promise<WeightsFiles> {
  const shapes = new Map<string, readonly number[]>();
  const same = new Map<string, string>();
  for (const file of files) {
    const { entries, metadata } = await describeSafetensors(file);
    for (const { name, shape } of entries) {
      if (shapes.has(name)) throw new Error(`${path}: the tensor ${name} must be in one file, and is in two.`);
      shapes.set(name, shape);
    }
    for (const [left, kept] of Object.entries(metadata)) same.set(left, kept);
  }
  for (const [left, kept] of same) if (!shapes.has(left) && shapes.has(kept)) shapes.set(left, shapes.get(kept)!);

  return {
    path,
    shapes,
    async read() {
      const tensors = new Map<string, StoredTensor>();
      for (const file of files)
        for (const [name, tensor] of (await readSafetensors(file)).tensors) tensors.set(name, tensor);
      for (const [left, kept] of same)
        if (!tensors.has(left) && tensors.has(kept)) tensors.set(left, tensors.get(kept)!);
      return tensors;
    },
    async fingerprint() {
      const hash = createHash("sha256");
      for (const file of files) for await (const piece of createReadStream(file)) hash.update(piece);
      return `sha256:${hash.digest("hex")}`;
    },
  };
}

/** The file that holds each tensor. */
async function readIndex(path: string): Promise<Map<string, string>> {
  const { size } = await stat(path);
  if (size > MAX_INDEX_BYTES) throw new Error(`${path} must have at most ${MAX_INDEX_BYTES} bytes, got ${size}.`);
  let index: unknown;
  try {
    index = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new Error(`${path} must be JSON, and is not: ${(cause as Error).message}.`, { cause });
  }
  const files = Object.entries((index as { weight_map?: object } | null)?.weight_map ?? {}) as [string, unknown][];
  const strange = files.find(([, file]) => typeof file !== "string" || !/^[\w.-]+\.safetensors$/.test(file));
  if (files.length === 0 || strange !== undefined || new Set(files.map(([, file]) => file)).size > MAX_FILES) {
    throw new Error(
      `${path} must have a weight_map of tensors to at most ${MAX_FILES} files beside it, got ${JSON.stringify(strange ?? null)}.`,
    );
  }
  return new Map(files as [string, string][]);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await (await open(path)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
