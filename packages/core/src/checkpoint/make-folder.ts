/**
 * Makes a folder with those above it. Node's own recursive way never ends where a folder can neither be found nor made: below /proc.
 */
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** The first folder that was missing, as `mkdir` tells it; undefined where all were there. Throws the system's error, with what to do. */
export async function makeFolder(folder: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let path = resolve(folder); !(await exists(path)); path = dirname(path)) missing.unshift(path);
  if (missing.length === 0 && !(await stat(folder)).isDirectory())
    throw Object.assign(new Error(`makeFolder: ${folder} is a file.`), { code: "EEXIST" });
  for (const path of missing) {
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return; // somebody else made it meanwhile
      if (error.code === "ENOTDIR") throw error;
      const told = new Error(`${folder} cannot be made: ${error.message}. Choose another folder.`, { cause: error });
      throw Object.assign(told, { code: error.code });
    });
  }
  return missing[0];
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => dirname(path) === path || (error.code !== "ENOENT" && error.code !== "ENOTDIR"),
  );
}
