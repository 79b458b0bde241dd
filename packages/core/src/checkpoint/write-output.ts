/**
 * A file that work leaves for somebody: it is there whole or not at all.
 */
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { UsageError } from "../usage-error.js";
import { commitFilledFile } from "./commit-file.js";

/** Fills the file beside its place and moves it there; a link stays one, and what is no file (a pipe, /dev/stdout) is written straight. */
export async function writeOutput<T>(path: string, fill: (file: FileHandle) => Promise<T>): Promise<T> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return commitFilledFile(path, fill);
  if (found.isFile()) return commitFilledFile(await realpath(path), fill);
  const file = await open(path, "w");
  try {
    return await fill(file);
  } finally {
    await file.close();
  }
}

/** Before minutes of work: refuses a file or folder that is there. A pipe or a device takes what comes. `name` is what refusals call it. */
export async function assertNoFile(path: string, name: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() && !found?.isDirectory()) return;
  throw new UsageError(`${name} ${path} is there already. Name another file.`);
}

/** The same for a file that must not be there yet, and does not come meanwhile; failures of writing name it. */
export async function writeNew(
  path: string,
  name: string,
  fill: (write: (content: string | Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  await assertNoFile(path, name);
  const unwritable = (error: unknown) =>
    new Error(`${name} ${path} cannot be written: ${(error as Error).message}`, { cause: error });
  let isFilling = false; // its errors are the work's own
  try {
    await writeOutput(path, async (file) => {
      isFilling = true;
      await fill((content) => file.writeFile(content).catch((error) => Promise.reject(unwritable(error))));
      await assertNoFile(path, name);
      isFilling = false;
    });
  } catch (error) {
    throw isFilling ? error : unwritable(error);
  }
}
