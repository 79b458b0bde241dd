/**
 * The bytes of a sound file to one channel.
 */
import { CorruptSampleError } from "@autodidact/core";
import type { Sound } from "../sound.js";
import { soundHeader } from "./sound-header.js";

export interface DecodeSoundOptions {
  id: string;
  sampleRate: number;
  maxSeconds?: number;
}

export async function decodeSound(bytes: Uint8Array, { id }: DecodeSoundOptions): Promise<Sound> {
  const { sampleRate, channels, seconds } = await soundHeader(bytes, id);
  const frames = Math.round(seconds! * sampleRate);
  if (bytes.length < 44 + 2 * frames * channels) throw new CorruptSampleError(id, "truncated");
  const view = new DataView(bytes.buffer, bytes.byteOffset + 44);
  const samples = Float32Array.from({ length: frames }, (_, n) => view.getInt16(2 * channels * n, true) / 32768);
  return { id, samples, sampleRate };
}
