/** A library as it was built: of the version that is asked for, and not a bit changed. Loading another could take the process down. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { noteOf } from "./note.js";

export interface KernelLibrary {
  /** The shared library that ONNX Runtime registers. */
  readonly path: string;
  /** The npm package it came in, or "this clone". */
  readonly from: string;
  readonly version: string;
}

/** `remedy` tells what the user can do where it is not as it should be. */
export function checkedLibrary(
  folder: string,
  version: string,
  { from, remedy }: { from: string; remedy: string },
): KernelLibrary {
  const note = noteOf(folder);
  if (note === undefined || "absent" in note) {
    throw unusable(`${from} must hold kernels.json and the library it names, got no such file in ${folder}`, remedy);
  }
  if (note.version !== version) {
    throw unusable(`${from} must be of version ${version}, as @autodidact/kernels is, got ${note.version}`, remedy);
  }
  const path = join(folder, note.file);
  if (!existsSync(path)) throw unusable(`${from} must hold ${note.file}, it does not`, remedy);
  const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (digest !== note.sha256) throw unusable(`${path} is damaged: its SHA-256 is not the one in kernels.json`, remedy);
  return { path, from, version };
}

const unusable = (what: string, remedy: string) =>
  new Error(`kernels: ${what}. ${remedy}, or train without them: useOnnx({ kernels: false }), --no-kernels.`);
