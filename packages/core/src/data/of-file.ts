/**
 * What is told of one file. What cannot be read is that sample's misfortune, named; what the machine lacks is everybody's.
 */
import { stat } from "node:fs/promises";
import { CorruptSampleError } from "./dataset.js";

const OF_THIS_FILE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file: a link that leads nowhere, or it was removed",
  EACCES: "it may not be read: permission denied",
  EPERM: "it may not be read: operation not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder any more",
  ELOOP: "its links lead in a circle",
  EIO: "the disk cannot read it",
};

/** `tell` is called with the size of a regular file, in bytes. */
export async function ofFile<Told>(id: string, path: string, tell: (size: number) => Promise<Told>): Promise<Told> {
  try {
    const file = await stat(path);
    if (file.isDirectory()) throw new CorruptSampleError(id, OF_THIS_FILE.EISDIR!);
    if (!file.isFile()) throw new CorruptSampleError(id, "it is no regular file"); // reading a pipe would wait for ever
    return await tell(file.size);
  } catch (error) {
    const reason = OF_THIS_FILE[(error as NodeJS.ErrnoException).code ?? ""];
    if (reason === undefined) throw error;
    throw new CorruptSampleError(id, reason, { cause: error });
  }
}
