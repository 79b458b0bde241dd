import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";

/** What a path names. Throws, as `who`, with the path and why it cannot be opened. */
export async function statOf(who: string, path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    const why = isAbsent ? "nothing of that name is there (ENOENT)" : (error as Error).message;
    throw new Error(`${who}: ${path} cannot be opened: ${why}.`, { cause: error });
  }
}
