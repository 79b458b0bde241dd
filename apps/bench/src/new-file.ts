/**
 * Files that a command writes for its user: whole or not at all, and never over one that is there.
 */
import { rename, rm, writeFile } from "node:fs/promises";
import { exists } from "./free-folder.js";
import { UsageError } from "./usage-error.js";

/** Before minutes of work. */
export async function assertFree(flag: string, path: string): Promise<void> {
  if (await exists(path)) throw taken(flag, path);
}

export async function writeNew(flag: string, path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  try {
    await writeFile(beside, content, { flag: "wx" });
    await assertFree(flag, path); // it may have come meanwhile
    await rename(beside, path);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof UsageError) throw error;
    throw new Error(`${flag} ${path} cannot be written: ${message}`, { cause: error });
  } finally {
    await rm(beside, { force: true });
  }
}

const taken = (flag: string, path: string) => new UsageError(`${flag} ${path} is there already. Name another file.`);
