/**
 * One image file's bytes. What cannot be read is that image's misfortune, named; what the machine lacks is everybody's.
 */
import { readFile, stat } from "node:fs/promises";
import { CorruptSampleError } from "@autodidact/core";
import { assertReadable, beginningOf, type DecodeOptions, decodeHeader, type ImageHeader } from "./decode-image.js";

const OF_THIS_FILE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file: a link that leads nowhere, or it was removed",
  EACCES: "it may not be read: permission denied",
  EPERM: "it may not be read: operation not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder any more",
  ELOOP: "its links lead in a circle",
  EIO: "the disk cannot read it",
};

export function readImageFile(id: string, path: string): Promise<Uint8Array> {
  return ofImageFile(id, path, () => readFile(path));
}

/** Only the header is read. */
export function readImageHeader(id: string, path: string, decoding: DecodeOptions): Promise<ImageHeader> {
  return ofImageFile(id, path, async () => decodeHeader(id, path, { ...decoding, beginning: await beginningOf(path) }));
}

async function ofImageFile<Told>(id: string, path: string, tell: () => Promise<Told>): Promise<Told> {
  try {
    const file = await stat(path);
    if (file.isDirectory()) throw new CorruptSampleError(id, OF_THIS_FILE.EISDIR!);
    if (!file.isFile()) throw new CorruptSampleError(id, "it is no regular file"); // reading a pipe would wait for ever
    assertReadable(id, file.size);
    return await tell();
  } catch (error) {
    const reason = OF_THIS_FILE[(error as NodeJS.ErrnoException).code ?? ""];
    if (reason === undefined) throw error;
    throw new CorruptSampleError(id, reason, { cause: error });
  }
}
