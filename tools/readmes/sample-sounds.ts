/**
 * `voices/{digit}_{speaker}_{index}.wav`: half a second each of two vowels, by three voices; `recording.wav`: a second of 400 Hz.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "@autodidact/core";

const RATE = 16_000;
const PITCHES = { ann: 220, bob: 110, cy: 160 };
/** The two lowest formants of a and i (Hz). */
const FORMANTS = [
  [750, 1200],
  [300, 2300],
] as const;

export async function writeSampleSounds(folder: string): Promise<void> {
  const random = createRandom(0);
  await writeFile(join(folder, "recording.wav"), wav(tone(8000), 8000));
  await mkdir(join(folder, "voices"));
  for (const [speaker, pitch] of Object.entries(PITCHES)) {
    for (const [digit, formants] of FORMANTS.entries()) {
      for (let index = 0; index < 8; index++) {
        const voice = vowel(pitch * random.uniform(0.95, 1.05), formants);
        await writeFile(join(folder, "voices", `${digit}_${speaker}_${index}.wav`), wav(voice));
      }
    }
  }
}

function tone(rate: number): Float64Array {
  return Float64Array.from({ length: rate }, (_, n) => 0.25 * Math.sin((2 * Math.PI * 400 * n) / rate));
}

/** Harmonics of the pitch, loud where a formant is near. */
function vowel(pitch: number, formants: readonly number[]): Float64Array {
  const harmonics = Array.from({ length: Math.floor(4000 / pitch) }, (_, n) => (n + 1) * pitch);
  const loud = harmonics.map((hertz) => formants.reduce((sum, at) => sum + 1 / (1 + ((hertz - at) / 120) ** 2), 0));
  const all = loud.reduce((sum, one) => sum + one, 0);
  return Float64Array.from({ length: RATE / 2 }, (_, n) =>
    harmonics.reduce((sum, hertz, h) => sum + (loud[h]! / all) * Math.sin((2 * Math.PI * hertz * n) / RATE), 0),
  );
}

/** 16-bit PCM of one channel. */
function wav(samples: Float64Array, rate = RATE): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + 2 * samples.length, 4);
  header.write("WAVEfmt ", 8);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, 2 * rate],
    [40, 2 * samples.length],
  ] as const)
    header.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    header.writeUInt16LE(value, at);
  header.write("data", 36);
  const data = Int16Array.from(samples, (sample) => Math.round(32767 * sample));
  return Buffer.concat([header, Buffer.from(data.buffer)]);
}
