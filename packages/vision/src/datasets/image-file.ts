/**
 * One image file's bytes, or its header.
 */
import { readFile } from "node:fs/promises";
import { ofFile } from "@autodidact/core";
import { assertReadable, beginningOf, type DecodeOptions, decodeHeader, type ImageHeader } from "./decode-image.js";

export function readImageFile(id: string, path: string): Promise<Uint8Array> {
  return ofFile(id, path, (size) => {
    assertReadable(id, size);
    return readFile(path);
  });
}

/** Only the header is read. */
export function readImageHeader(id: string, path: string, decoding: DecodeOptions): Promise<ImageHeader> {
  return ofFile(id, path, async (size) => {
    assertReadable(id, size);
    return decodeHeader(id, path, { ...decoding, beginning: await beginningOf(path) });
  });
}
