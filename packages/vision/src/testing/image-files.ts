/**
 * Small image files made by sharp, and archives of them.
 */
import { buffer } from "node:stream/consumers";
import sharp, { type Sharp } from "sharp";
import { pack } from "tar-stream";

/** One colour all over. */
export function plain(color: readonly [number, number, number], width = 8, height = width): Sharp {
  const [r, g, b] = color;
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
}

/** Every pixel another: the pixel at [y, x] is (20·x, 20·y, 7). */
export function ramp(width = 8, height = width): Sharp {
  const pixels = Array.from({ length: width * height }, (_, at) => [20 * (at % width), 20 * Math.floor(at / width), 7]);
  return sharp(Uint8Array.from(pixels.flat()), { raw: { width, height, channels: 3 } });
}

export interface ArchiveEntry {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly type?: "file" | "symlink" | "directory";
}

export function archiveOf(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content, type = "file" } of entries) {
    archive.entry({ name, type, ...(type === "symlink" && { linkname: "/etc/passwd" }) }, Buffer.from(content ?? []));
  }
  archive.finalize();
  return buffer(archive);
}
