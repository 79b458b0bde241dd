/** The note that lies beside a built library (`kernels.json`, written by build-native.mjs), so that a damaged one is never loaded. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type KernelNote =
  | { readonly version: string; readonly file: string; readonly sha256: string }
  /** The build made none, for this reason. */
  | { readonly absent: string };

const noteFile = "kernels.json";

/** The note is undefined where there is none that can be read. */
export function noteOf(folder: string): KernelNote | undefined {
  const path = join(folder, noteFile);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as KernelNote;
  } catch {
    return undefined;
  }
}
