/**
 * Small recordings as files, and archives of them.
 */
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";

export interface WavOptions {
  readonly sampleRate?: number;
  readonly channels?: number;
}

/** 16-bit PCM; samples from −1 to 1, the same in each channel. */
export function wav(samples: readonly number[], { sampleRate = 8000, channels = 1 }: WavOptions = {}): Buffer {
  const data = Buffer.alloc(2 * channels * samples.length);
  for (const [n, sample] of samples.entries()) {
    const value = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
    for (let channel = 0; channel < channels; channel++) data.writeInt16LE(value, 2 * (channels * n + channel));
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(2 * channels * sampleRate, 28);
  header.writeUInt16LE(2 * channels, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** A tone of so many samples; tones of different numbers differ. */
export function tone(number: number, samples = 80): number[] {
  return Array.from({ length: samples }, (_, n) => 0.25 * Math.sin((n + 1) * 0.05 * (number + 1)));
}

export const recording = (number: number): Buffer => wav(tone(number));

/** A tar archive of these files, in their order. */
export function archiveOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}
