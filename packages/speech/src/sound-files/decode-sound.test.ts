import { readFileSync } from "node:fs";
import { CorruptSampleError } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import wavefile from "wavefile";
import { decodeSound } from "./decode-sound.js";
import { soundHeader } from "./sound-header.js";

interface Case {
  readonly format: string;
  readonly subtype: string;
  readonly channels: number;
  readonly sampleRate: number;
  readonly file: string;
  /** The mean of the channels that libsndfile reads. */
  readonly mono: number[];
}

const cases: Case[] = JSON.parse(readFileSync(new URL("../oracles/sound-files.json", import.meta.url), "utf8"));
const fileOf = (subtype: string, channels = 1) =>
  new Uint8Array(
    Buffer.from(cases.find((one) => one.subtype === subtype && one.channels === channels)!.file, "base64"),
  );

/** A 16-bit WAV file of `samples` at 16 kHz, its chunks as told. */
function wavOf(
  samples: number[],
  { before = [] as Uint8Array[], dataBytes = 2 * samples.length, format = {} } = {},
): Uint8Array {
  const { tag = 1, channels = 1, rate = 16_000, block = 2, bits = 16 } = format as Record<string, number>;
  const fmt = Buffer.alloc(24);
  fmt.write("fmt ");
  fmt.writeUInt32LE(16, 4);
  for (const [value, at] of [
    [tag, 8],
    [channels, 10],
    [block, 20],
    [bits, 22],
  ] as const)
    fmt.writeUInt16LE(value, at);
  fmt.writeUInt32LE(rate, 12);
  const data = Buffer.alloc(8 + 2 * samples.length);
  data.write("data");
  data.writeUInt32LE(dataBytes, 4);
  for (const [t, sample] of samples.entries()) data.writeInt16LE(sample, 8 + 2 * t);
  return new Uint8Array(Buffer.concat([Buffer.from("RIFF\x10\0\0\0WAVE", "latin1"), ...before, fmt, data]));
}

const shorts = [0, 16_384, -32_768, 32_767];
const asFloats = [0, 0.5, -1, 32_767 / 32_768];
const options = { id: "a.wav", sampleRate: 16_000 };

async function refusal(bytes: Uint8Array, more = {}): Promise<string> {
  const error = await decodeSound(bytes, { ...options, ...more }).then(
    () => expect.unreachable("it was read"),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(CorruptSampleError);
  expect(error.message).toMatch(/^a\.wav: [^\n]+$/);
  return error.reason;
}

describe("decodeSound", () => {
  it.each(cases)("reads $format $subtype of $channels channels at $sampleRate Hz as libsndfile does", async (one) => {
    const bytes = new Uint8Array(Buffer.from(one.file, "base64"));
    const { samples } = await decodeSound(bytes, { id: "a", sampleRate: one.sampleRate });
    expect(await soundHeader(bytes)).toMatchObject({ sampleRate: one.sampleRate, channels: one.channels });
    const lossy = ["OPUS", "VORBIS", "MPEG_LAYER_III"].includes(one.subtype); // floats of another build of the same decoder
    expect(samples.length).toBe(one.mono.length);
    const worst = one.mono.reduce((most, value, t) => Math.max(most, Math.abs(value - samples[t]!)), 0);
    expect(worst).toBeLessThan(lossy ? 2e-4 : 2e-6);
  });

  it("brings them to the wanted rate", async () => {
    const { samples, sampleRate } = await decodeSound(wavOf(Array(160).fill(1000)), { id: "a", sampleRate: 8000 });
    expect([samples.length, sampleRate]).toEqual([80, 8000]);
    expect(samples[40]).toBeCloseTo(1000 / 32_768, 4);
  });

  it("steps over chunks before the format, of odd size too, and reads what lies at an odd place", async () => {
    const list = new Uint8Array(Buffer.from("LIST\x05\0\0\0INFOx\0", "latin1"));
    expect([...(await decodeSound(wavOf(shorts, { before: [list, list] }), options)).samples]).toEqual(asFloats);
    const shifted = new Uint8Array([0, ...wavOf(shorts)]).subarray(1);
    expect([...(await decodeSound(shifted, options)).samples]).toEqual(asFloats);
    expect([...(await decodeSound(Buffer.from(shifted.buffer, 1), options)).samples]).toEqual(asFloats);
  });

  it.each([0, 0xffffffff, 0x7ffff000])(
    "reads streamed files, whose length says %i, to their end",
    async (dataBytes) => {
      expect([...(await decodeSound(wavOf(shorts, { dataBytes }), options)).samples]).toEqual(asFloats);
    },
  );

  it("reads big-endian WAV", async () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 16_000, "16", Int16Array.from(shorts), { container: "RIFX" });
    expect([...(await decodeSound(wav.toBuffer(), options)).samples]).toEqual(asFloats);
  });

  it.each([
    [
      "a data chunk larger than the file",
      wavOf(shorts, { dataBytes: 100 }),
      "truncated: its header promises 100 bytes of sound, 8 are there",
    ],
    ["a rate of 0", wavOf(shorts, { format: { rate: 0 } }), "its header says 0 Hz; rates from 1000 to 768000 are read"],
    ["a rate of 4 GHz", wavOf(shorts, { format: { rate: 4e9 } }), "its header says 4000000000 Hz"],
    ["no channel", wavOf(shorts, { format: { channels: 0 } }), "its header says 0 channels"],
    [
      "300 channels",
      wavOf(shorts, { format: { channels: 300, block: 600 } }),
      "its header says 300 channels; 1 to 32 are read",
    ],
    [
      "7 bits",
      wavOf(shorts, { format: { bits: 7, block: 1 } }),
      "its header says 7 bits and blocks of 1 bytes for integer",
    ],
    ["an unknown encoding", wavOf(shorts, { format: { tag: 0x55 } }), "WAV encoding 0x55 is not read"],
    ["no samples", wavOf([]), "it holds no samples"],
    ["no format", new Uint8Array(Buffer.from("RIFF\x04\0\0\0WAVEdata\x02\0\0\0ab", "latin1")), 'no "fmt " chunk'],
    ["nothing", new Uint8Array(), "the file is empty"],
    [
      "text",
      new Uint8Array(Buffer.from("I am no sound, I am a note.")),
      'text, no sound: it begins with "I am no sound, I"',
    ],
    [
      "a picture",
      new Uint8Array(Buffer.from("89504e470d0a1a0a0000", "hex")),
      "no sound that is known: it begins with the bytes 89504e470d0a1a0a",
    ],
    [
      "an MP4 file",
      new Uint8Array(Buffer.from("\0\0\0\x20ftypM4A ", "latin1")),
      "an MP4 or M4A file (AAC). Convert it",
    ],
  ])("refuses a file with %s by name", async (_what, bytes, reason) => {
    expect(await refusal(bytes)).toContain(reason);
  });

  it("refuses what is longer than maxSeconds before it is decoded, whatever it is", async () => {
    const hours = wavOf([], { format: { rate: 1000 }, dataBytes: 0 });
    const long = new Uint8Array(hours.length + 2 * 1000 * 3600);
    long.set(hours);
    expect(await refusal(long)).toBe(
      "it is 3600.0 s long, more than maxSeconds = 1800. Cut it, or raise maxSeconds if there is memory for it",
    );
    for (const kind of ["PCM_16", "VORBIS", "OPUS", "MPEG_LAYER_III"]) {
      expect(await refusal(fileOf(kind), { maxSeconds: 0.01 })).toContain("more than maxSeconds = 0.01");
    }
  });

  it.each([
    ["PCM_16", "truncated: its header promises"],
    ["ULAW", "truncated: its header promises"],
    ["PCM_S8", "truncated: its header promises"],
    ["VORBIS", "truncated: the last page"],
    ["OPUS", "truncated: the last page"],
  ])("refuses a truncated file of %s", async (subtype, reason) => {
    const bytes = fileOf(subtype);
    expect(await refusal(bytes.slice(0, Math.floor(0.6 * bytes.length)))).toContain(reason);
  });

  it("refuses a truncated and a damaged FLAC file", async () => {
    const bytes = new Uint8Array(Buffer.from(cases.find(({ format }) => format === "FLAC")!.file, "base64"));
    expect(await refusal(bytes.slice(0, Math.floor(0.6 * bytes.length)))).toMatch(/truncated|nothing of it/);
    const damaged = bytes.slice();
    for (let at = 300; at < 340; at++) damaged[at]! ^= 0x55;
    expect(await refusal(damaged)).toMatch(/damaged|truncated/);
  });

  it("refuses float samples that are none or no recording's", async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 20_000]) {
      const wav = new wavefile.WaveFile();
      wav.fromScratch(1, 16_000, "32f", Float32Array.of(0, value));
      expect(await refusal(wav.toBuffer())).toContain(`sample 1 of its floats is ${value}`);
    }
  });

  it("says what its options must be", async () => {
    await expect(decodeSound(wavOf(shorts), { id: "a", sampleRate: 0 })).rejects.toThrow(
      "sampleRate must be a whole number of Hz above 0, got 0.",
    );
    await expect(decodeSound(wavOf(shorts), { ...options, maxSeconds: 0 })).rejects.toThrow(
      "maxSeconds must be above 0, got 0.",
    );
  });
});
