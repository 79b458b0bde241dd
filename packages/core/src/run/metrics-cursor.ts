/**
 * A place in a run's log: where the last line that was read ends, and that line's checksum. After a resume that cut the line away, it is no
 * place any more.
 */
import type { FileHandle } from "node:fs/promises";
import { crc32c } from "../metrics/crc32c.js";
import { type Line, lineBefore } from "../metrics/whole-lines.js";

export const cursorAt = (end: number, checksum: number): string => `${end}-${checksum.toString(16)}`;

/** The line behind which a cursor stands; undefined where it is not there any more. */
export async function lineAt(file: FileHandle, cursor: string): Promise<Line | undefined> {
  const end = Number(/^(\d{1,15})-[\da-f]{1,8}$/.exec(cursor)?.[1] ?? 0);
  const line = await lineBefore(file, Math.min(end, (await file.stat()).size));
  return line !== undefined && cursorAt(line.end, crc32c(line.bytes)) === cursor ? line : undefined;
}
