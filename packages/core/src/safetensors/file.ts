/**
 * safetensors files, in memory and on disk. Tensors are read one by one, so that a file may be larger than a buffer can be.
 */
import { type FileHandle, open } from "node:fs/promises";
import { commitFilledFile } from "../checkpoint/commit-file.js";
import { encodeHeader, type Header, headerLength, parseHeader } from "./header.js";
import type { StoredTensor } from "./stored-tensor.js";

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export type StoredTensors = Iterable<readonly [name: string, tensor: StoredTensor]>;

/** The file's bytes, in pieces; the same tensors give the same bytes. */
export function encodeSafetensors(
  tensors: StoredTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const { header, ordered } = encodeHeader(tensors, metadata);
  return [header, ...ordered.map(({ bytes }) => bytes)];
}

/** `from` names the bytes in errors. */
export function decodeSafetensors(bytes: Uint8Array, from: string): Safetensors {
  const start = 8 + headerLength(bytes, bytes.length, from);
  const { entries, metadata } = parseHeader(bytes.subarray(8, start), bytes.length - start, from);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, type, shape, begin, end } of entries) {
    tensors.set(name, { type, shape, bytes: new Uint8Array(bytes.subarray(start + begin, start + end)) });
  }
  return { tensors, metadata };
}

/** Writes the file whole or not at all, in the place of an older one if there is one. */
export async function writeSafetensors(
  path: string,
  tensors: StoredTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const pieces = encodeSafetensors(tensors, metadata);
  await commitFilledFile(path, async (file) => {
    for (const piece of pieces) await file.writeFile(piece);
  });
}

/** What a file holds, without its tensors. */
export async function describeSafetensors(path: string): Promise<Header> {
  const file = await open(path, "r");
  try {
    return (await readHeader(file, path)).header;
  } finally {
    await file.close();
  }
}

export async function readSafetensors(path: string): Promise<Safetensors> {
  const file = await open(path, "r");
  try {
    const { start, header } = await readHeader(file, path);
    const tensors = new Map<string, StoredTensor>();
    for (const { name, type, shape, begin, end } of header.entries) {
      tensors.set(name, { type, shape, bytes: await readBytes(file, start + begin, end - begin, path) });
    }
    return { tensors, metadata: header.metadata };
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle, path: string): Promise<{ start: number; header: Header }> {
  const { size } = await file.stat();
  const length = headerLength(await readBytes(file, 0, Math.min(8, size), path), size, path);
  const start = 8 + length;
  return { start, header: parseHeader(await readBytes(file, 8, length, path), size - start, path) };
}

async function readBytes(file: FileHandle, position: number, length: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(length - filled, 2 ** 30), position + filled);
    if (bytesRead === 0) throw new Error(`safetensors: ${path}: the file became shorter while it was read.`);
    filled += bytesRead;
  }
  return bytes;
}
