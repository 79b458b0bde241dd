import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { UsageError } from "../usage-error.js";

/** What a path names. Throws, as `who`, with the path and why it cannot be opened. */
export async function statOf(who: string, path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw notOpened(who, path, error as NodeJS.ErrnoException);
  }
}

/** What the path's own words are at fault for; all else is of the system. */
const WRONG_PATH = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ENAMETOOLONG", "ELOOP"]);

/** Says, as `who`, why a path cannot be opened. */
export function notOpened(who: string, path: string, cause: NodeJS.ErrnoException): Error {
  const why = cause.code === "ENOENT" ? "nothing of that name is there (ENOENT)" : cause.message;
  const message = `${who}: ${path} cannot be opened: ${why}.`;
  return WRONG_PATH.has(cause.code ?? "") ? new UsageError(message, { cause }) : new Error(message, { cause });
}
