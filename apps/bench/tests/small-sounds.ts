/** Recordings for tests: tones of a few "speakers", each with overtones of its own, that say one of two "digits". */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "@autodidact/core";

const RATE = 8000;
export const SPEAKERS = { ann: [220, 0.9], bob: [110, 0.3], cy: [160, 0.6], di: [300, 0.1] } as const;
export const VOICES_PATTERN = "{digit}_{speaker}_{index}.wav";

/** `{digit}_{speaker}_{index}.wav`: 0.4 s each; so many of each digit by each speaker. */
export async function writeVoices(folder: string, each = 4): Promise<void> {
  await mkdir(folder, { recursive: true });
  const random = createRandom(0);
  for (const [speaker, [pitch, brightness]] of Object.entries(SPEAKERS)) {
    for (const digit of [0, 1]) {
      for (let index = 0; index < each; index += 1) {
        const hertz = pitch * random.uniform(0.97, 1.03);
        const samples = Float64Array.from({ length: 0.4 * RATE }, (_, n) => {
          const phase = (2 * Math.PI * hertz * n) / RATE;
          const word = Math.sin((2 * Math.PI * (digit === 0 ? 1000 : 2500) * n) / RATE);
          return 0.3 * Math.sin(phase) + 0.3 * brightness * Math.sin(3 * phase) + 0.2 * word + random.normal(0, 0.01);
        });
        await writeFile(join(folder, `${digit}_${speaker}_${index}.wav`), wav(samples));
      }
    }
  }
}

/** A second of noise of that deviation; of 0 it is silence. */
export async function writeNoise(file: string, deviation: number): Promise<void> {
  await writeFile(file, wav(Float64Array.from(createRandom(1).normals(RATE, 0, deviation))));
}

/** 16-bit PCM of one channel. */
function wav(samples: Float64Array): Buffer {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8);
  for (const [at, value] of [
    [16, 16],
    [24, RATE],
    [28, 2 * RATE],
    [40, 2 * samples.length],
  ] as const)
    bytes.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    bytes.writeUInt16LE(value, at);
  bytes.write("data", 36);
  for (const [n, value] of samples.entries())
    bytes.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, value))), 44 + 2 * n);
  return bytes;
}
