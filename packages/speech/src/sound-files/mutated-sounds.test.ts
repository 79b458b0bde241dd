import { readFileSync } from "node:fs";
import { CorruptSampleError } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wavefile from "wavefile";
import { decodeSound } from "./decode-sound.js";
import { soundHeader } from "./sound-header.js";

const cases: { format: string; subtype: string; file: string }[] = JSON.parse(
  readFileSync(new URL("../oracles/sound-files.json", import.meta.url), "utf8"),
);
const wholes = cases.map(({ file }) => new Uint8Array(Buffer.from(file, "base64")));
const mostSamples = 60 * 16_000; // no file here has a second; what a codec repeats of damage stays small

/** It is decoded to finite samples, or named as broken in one line. */
async function readOrRefuse(bytes: Uint8Array): Promise<void> {
  const read = await decodeSound(bytes, { id: "it", sampleRate: 16_000 }).catch((error) => error);
  if (read instanceof Error) {
    expect(read, read.stack).toBeInstanceOf(CorruptSampleError);
    expect(read.message).toMatch(/^it: [^\n]+$/);
  } else {
    expect(read.samples.length).toBeLessThan(mostSamples);
    expect(read.samples.every(Number.isFinite)).toBe(true);
  }
  const header = await soundHeader(bytes, "it").catch((error) => error);
  if (header instanceof Error) expect(header, header.stack).toBeInstanceOf(CorruptSampleError);
}

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const mutated = fc
  .record({
    whole: fc.constantFrom(...wholes),
    bytes: fc.array(fc.record({ at: place, byte: fc.nat(255), inHeader: fc.boolean() }), { maxLength: 12 }),
    cut: fc.option(place, { freq: 3 }),
    without: fc.option(fc.record({ at: place, count: fc.nat(60) }), { freq: 3 }),
  })
  .map(({ whole, bytes, cut, without }) => {
    const file = Buffer.from(whole);
    for (const { at, byte, inHeader } of bytes) file[Math.floor(at * (inHeader ? 64 : file.length))] = byte;
    const start = without === null ? file.length : Math.floor(without.at * file.length);
    const kept = Buffer.concat([file.subarray(0, start), file.subarray(start + (without?.count ?? 0))]);
    return new Uint8Array(cut === null ? kept : kept.subarray(0, Math.floor(cut * kept.length)));
  });

describe("whatever happened to a sound file", () => {
  it("it is decoded or named as broken", async () => {
    await fc.assert(fc.asyncProperty(mutated, readOrRefuse), { numRuns: 400, seed: 20260101 });
  });

  it("random bytes behind a true beginning too", async () => {
    const beginnings = wholes.map((whole) => whole.subarray(0, 48));
    const files = fc
      .tuple(fc.constantFrom(new Uint8Array(), ...beginnings), fc.uint8Array({ maxLength: 3000 }))
      .map((parts) => new Uint8Array(Buffer.concat(parts)));
    await fc.assert(fc.asyncProperty(files, readOrRefuse), { numRuns: 200, seed: 20260101 });
  });

  it("PCM as wavefile writes it comes back", async () => {
    const depth = fc.constantFrom("8", "16", "24", "32", "32f", "64");
    const channel = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(depth, channel, fc.boolean(), async (bits, percents, isStereo) => {
        const shares = [...percents, ...percents].map((percent) => percent / 128); // an odd byte wavefile pads, and counts
        const steps = bits === "32f" || bits === "64" ? 1 : 2 ** (Number(bits) - 1);
        const stored = shares.map((share) => Math.round(share * steps) + (bits === "8" ? 128 : 0));
        const values = steps === 1 ? shares : stored;
        const wav = new wavefile.WaveFile();
        wav.fromScratch(isStereo ? 2 : 1, 8000, bits, isStereo ? [values, values] : values);
        const { samples } = await decodeSound(wav.toBuffer(), { id: "a", sampleRate: 8000 });
        expect([...samples]).toEqual([...Float32Array.from(shares)]); // 128ths fit into all of them
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
