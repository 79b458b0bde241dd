/**
 * Node's errors of a full disk name no file where it is a write that fails: whoever writes says which.
 */
import { dirname } from "node:path";

const FULL = new Set<string | undefined>(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Does the writing; where the disk is full, throws an error with the same `code` that names `path` and what to do. */
export async function namingPath<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!FULL.has(code) || message.includes(path)) throw error;
    const text = `The disk is full: ${path} could not be written (${code}). Free space in ${dirname(path)}.`;
    throw Object.assign(new Error(text, { cause: error }), { code });
  }
}
