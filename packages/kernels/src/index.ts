/**
 * Where the kernels are: in the package for this platform, else in a clone's own build.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { libraryFile } from "./library-file.js";

export interface KernelLibrary {
  /** The shared library that ONNX Runtime registers. */
  readonly path: string;
  /** The npm package it came in, or "this clone". */
  readonly from: string;
}

/** The kernels for this machine; undefined where there are none. */
export function kernelLibrary(): KernelLibrary | undefined {
  const platformPackage = `@autodidact/kernels-${process.platform}-${process.arch}`;
  return inPackage(platformPackage) ?? inClone();
}

function inPackage(name: string): KernelLibrary | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const path = join(dirname(manifest), libraryFile);
    return existsSync(path) ? { path, from: name } : undefined;
  } catch {
    return undefined; // not installed: it is optional
  }
}

function inClone(): KernelLibrary | undefined {
  const path = fileURLToPath(new URL(`./native/${libraryFile}`, import.meta.url));
  return existsSync(path) ? { path, from: "this clone" } : undefined;
}
