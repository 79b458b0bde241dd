/**
 * Files that a command writes for its user: whole or not at all, and never over one that is there.
 */
import { open, rename, rm, stat } from "node:fs/promises";
import process from "node:process";
import { exists } from "./free-folder.js";
import { UsageError } from "./usage-error.js";

/** Before minutes of work. A pipe or a device takes what comes. */
export async function assertFree(flag: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() || found?.isDirectory()) throw taken(flag, path);
}

export async function writeNew(flag: string, path: string, content: string | Uint8Array): Promise<void> {
  await assertFree(flag, path);
  const file = await begun(flag, path);
  try {
    await file.write(content);
    await file.keep();
  } finally {
    await file.close();
  }
}

export interface NewLines {
  write(line: string): Promise<void>;
  /** Gives the file its name: from here on it is there. */
  keep(): Promise<void>;
  /** What was not kept is gone. */
  close(): Promise<void>;
}

/** A line after the other; `-` is the standard output. */
export async function newLines(flag: string, path: string): Promise<NewLines> {
  if (path === "-") {
    const write = async (line: string) => void process.stdout.write(`${line}\n`);
    return { write, keep: async () => {}, close: async () => {} };
  }
  await assertFree(flag, path);
  const file = await begun(flag, path);
  return { ...file, write: (line) => file.write(`${line}\n`) };
}

/** Written beside, renamed once it is whole. */
async function begun(flag: string, path: string) {
  const isStream = await exists(path); // /dev/stdout: there is nothing beside it
  const beside = isStream ? path : `${path}.${process.pid}.part`;
  const naming = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new Error(`${flag} ${path} cannot be written: ${(error as Error).message}`, { cause: error });
    }
  };
  const file = await naming(open(beside, isStream ? "w" : "wx"));
  return {
    write: (content: string | Uint8Array) => naming(file.writeFile(content)),
    async keep() {
      if (isStream) return;
      await naming(file.sync());
      await assertFree(flag, path); // it may have come meanwhile
      await naming(rename(beside, path));
    },
    async close() {
      await file.close();
      if (!isStream) await rm(beside, { force: true });
    },
  };
}

const taken = (flag: string, path: string) => new UsageError(`${flag} ${path} is there already. Name another file.`);
