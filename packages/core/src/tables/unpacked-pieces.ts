/**
 * A file's bytes in pieces, unpacked where they are packed, within a bound: a small file may unfold to more than a disk holds.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { SourceFile } from "./source-files.js";

/** Beyond so many bytes a packed file may be so many times as large as it was packed; text packs to a third or a tenth. */
const FREELY = 2 ** 26;
const MOST_TIMES = 250;

/** The packed bytes are damaged: cut short, or no gzip at all. */
export class DamagedFileError extends Error {
  override readonly name = "DamagedFileError";
}

/** A packed file unfolds to more than text does. The message names the file. */
export class UnfoldingError extends RangeError {
  override readonly name = "UnfoldingError";
}

/** What is named .gz is unpacked. */
export async function* piecesOf(file: Pick<SourceFile, "path">): AsyncGenerator<Buffer> {
  const { path } = file;
  const packed = createReadStream(path, { highWaterMark: 2 ** 18 });
  if (!path.toLowerCase().endsWith(".gz")) {
    for await (const piece of packed) yield piece as Buffer;
    return;
  }
  let unpacked = 0;
  try {
    // the stream's reader hears of its errors
    for await (const piece of pipeline(packed, createGunzip(), () => {})) {
      unpacked += (piece as Buffer).length;
      if (unpacked > FREELY && unpacked > MOST_TIMES * packed.bytesRead) throw unfolding(path, packed.bytesRead);
      yield piece as Buffer;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("Z_")) throw error;
    throw new DamagedFileError(`${path} cannot be unpacked: ${message}. Is the file whole?`, { cause: error });
  }
}

function unfolding(path: string, bytesRead: number): Error {
  return new UnfoldingError(
    `${path} must unpack to at most ${MOST_TIMES} times its size beyond 64 MiB, got more from its first ${bytesRead} bytes. ` +
      "If you trust it, unpack it first.",
  );
}
