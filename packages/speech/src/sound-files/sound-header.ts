/**
 * What a sound file says of itself, without decoding it.
 */
import { open } from "node:fs/promises";
import { CorruptSampleError } from "@autodidact/core";

export interface SoundHeader {
  readonly kind: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly seconds: number | undefined;
}

export async function soundHeader(
  file: Uint8Array | string,
  id = typeof file === "string" ? file : "sound",
): Promise<SoundHeader> {
  const bytes = Buffer.from(typeof file === "string" ? await beginning(file) : file);
  if (bytes.length < 44 || bytes.toString("latin1", 0, 4) !== "RIFF") throw new CorruptSampleError(id, "no sound file");
  const [channels, sampleRate, size] = [bytes.readUInt16LE(22), bytes.readUInt32LE(24), bytes.readUInt32LE(40)];
  return { kind: "wav", sampleRate, channels, seconds: size / 2 / channels / sampleRate };
}

async function beginning(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(44), 0, 44, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
