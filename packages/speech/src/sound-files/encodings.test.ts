/**
 * One clip in the encodings of npm's audio-lena (MIT), made by ffmpeg, sox, Audacity and Logic: all that are read say the same, within what
 * their codec loses. The reference is the package's raw floats, which came from its MP3.
 */
import { readFileSync } from "node:fs";
import { CorruptSampleError } from "@autodidact/core";
import lena from "audio-lena";
import { describe, expect, it } from "vitest";
import { resample } from "../resample.js";
import { decodeSound } from "./decode-sound.js";
import { soundHeader } from "./sound-header.js";

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, lena.url("raw"))));
const raw = new Float32Array(bytesOf("lena.raw").buffer);

/** Signal to noise in dB, of what both have; a tenth of a second at the ends aside. */
function snr(samples: Float32Array, reference: Float32Array, margin: number): number {
  let [signal, noise] = [0, 0];
  for (let t = margin; t < reference.length - margin; t++) {
    signal += reference[t]! ** 2;
    noise += (reference[t]! - samples[t]!) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

/** Least signal to noise: 16 bits round to 93 dB on this clip; MP3 at 128 kbit/s is the raw floats' own source; logarithmic 8 bits give 37. */
const encodings: readonly [name: string, kind: string, atLeast: number][] = [
  ["lena.wav", "wav", 90],
  ["logic/lena-24.wav", "wav", 90],
  ["audacity/lena-32.wav", "wav", 90],
  ["lena-24.aiff", "aiff", 90],
  ["lena-32.aiff", "aiff", 90],
  ["audacity/lena-24.aiff", "aiff", 90],
  ["audacity/lena-64.aiff", "aiff", 90],
  ["audacity/lena-a.aiff", "aiff", 35],
  ["audacity/lena-u.aiff", "aiff", 35],
  ["logic/lena-24.aif", "aiff", 90],
  ["logic/lena-32.aif", "aiff", 90],
  ["lena.caf", "caf", 90],
  ["lena-f32.caf", "caf", 90],
  ["lena.flac", "flac", 60],
  ["lena.mp3", "mp3", 75],
  ["lena.ogg", "ogg-vorbis", 25],
  ["lena.aiff", "aiff", 25], // made from a lossy file: it has the padding, and what Vorbis lost
];

describe("one clip in many encodings", () => {
  it.each(encodings)("%s is read as %s, at %i dB or more", async (name, kind, atLeast) => {
    const bytes = bytesOf(name);
    expect(await soundHeader(bytes)).toMatchObject({ kind, sampleRate: 44_100, channels: 1 });
    const { samples } = await decodeSound(bytes, { id: name, sampleRate: 44_100 });
    if (name !== "lena.aiff") expect(samples.length).toBe(raw.length);
    expect(snr(samples, raw, 4410)).toBeGreaterThan(atLeast);
  });

  it("Opus, which is always of 48 kHz, at 20 dB or more", async () => {
    const { samples } = await decodeSound(bytesOf("lena.opus"), { id: "opus", sampleRate: 44_100 });
    expect(Math.abs(samples.length - raw.length)).toBeLessThanOrEqual(1);
    expect(snr(samples, raw, 4410)).toBeGreaterThan(20);
  });

  it.each(["lena-alaw.aiff", "lena-ulaw.aiff", "lena-alaw.caf"])(
    "%s of 8 kHz, at 30 dB or more below 3 kHz",
    async (name) => {
      const { samples } = await decodeSound(bytesOf(name), { id: name, sampleRate: 6000 });
      expect(snr(samples, resample(raw, 44_100, 6000), 600)).toBeGreaterThan(30);
    },
  );

  it.each([
    ["lena.m4a", "an MP4 or M4A file (AAC)"],
    ["lena.aac", "an AAC stream"],
    ["lena.webm", "a Matroska or WebM file"],
    ["lena-vorbis.webm", "a Matroska or WebM file"],
    ["audacity/lena-24-dwvw.aiff", 'AIFF-C compression "DWVW" is not read'],
    ["audacity/lena-gsm.aiff", 'AIFF-C compression "GSM " is not read'],
    ["audacity/lena-ima-adpcm.aiff", 'AIFF-C compression "ima4" is not read'],
  ])("%s is refused by name", async (name, reason) => {
    await expect(decodeSound(bytesOf(name), { id: name, sampleRate: 16_000 })).rejects.toThrow(`${name}: ${reason}`);
  });

  it.each(["lena.mp3", "lena.ogg", "lena.opus", "lena.flac"])("a part of %s is truncated", async (name) => {
    const bytes = bytesOf(name);
    const part = bytes.subarray(0, Math.floor(0.4 * bytes.length));
    const error = await decodeSound(part, { id: name, sampleRate: 16_000 }).catch((reason) => reason);
    expect(error).toBeInstanceOf(CorruptSampleError);
    expect(error.reason).toMatch(/^truncated: /);
  });

  it("headers are told from a file's ends as from all of it", async () => {
    for (const name of ["lena.wav", "lena.mp3", "lena.ogg", "lena.opus", "lena.flac", "lena.caf", "lena.aiff"]) {
      const url = new URL(name, lena.url("raw"));
      expect(await soundHeader(decodeURIComponent(url.pathname))).toEqual(await soundHeader(bytesOf(name)));
    }
  });

  it("decoding leaves the event loop to others", async () => {
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await Promise.all([1, 2, 3].map((n) => decodeSound(bytesOf("lena.mp3"), { id: `${n}`, sampleRate: 44_100 })));
    clearInterval(turning);
    expect(turns).toBeGreaterThan(20);
  });
});
