import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSound } from "./decode-sound.js";
import { soundHeader } from "./sound-header.js";

const cases: { format: string; subtype: string; channels: number; sampleRate: number; file: string }[] = JSON.parse(
  readFileSync(new URL("../oracles/sound-files.json", import.meta.url), "utf8"),
);
const fileOf = (subtype: string) => Buffer.from(cases.find((one) => one.subtype === subtype)!.file, "base64");

/** A tag of `bytes` before the sound, as pictures are kept in. */
function id3(bytes: number): Buffer {
  const tag = Buffer.alloc(10 + bytes);
  tag.write("ID3\x04\0\0", "latin1");
  for (const [place, shift] of [21, 14, 7, 0].entries()) tag[6 + place] = (bytes >> shift) & 0x7f;
  return tag;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-sound-header-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function headerOf(name: string, bytes: Uint8Array) {
  await writeFile(join(folder, name), bytes);
  const header = await soundHeader(join(folder, name));
  expect(await soundHeader(bytes)).toEqual(header);
  return header;
}

describe("soundHeader", () => {
  it.each(["PCM_24", "VORBIS", "OPUS", "MPEG_LAYER_III", "PCM_S8"])(
    "of %s tells the seconds that decoding gives",
    async (subtype) => {
      const header = await headerOf(`a ${subtype}.bin`, fileOf(subtype));
      const { samples } = await decodeSound(fileOf(subtype), { id: "a", sampleRate: header.sampleRate });
      expect(header.seconds).toBe(samples.length / header.sampleRate);
    },
  );

  it("goes by what a file holds, not by its name", async () => {
    expect((await headerOf("sound.mp3", fileOf("PCM_16"))).kind).toBe("wav");
    expect((await headerOf("sound.wav", fileOf("MPEG_LAYER_III"))).kind).toBe("mp3");
  });

  it("steps over pictures before the sound", async () => {
    const [mp3, wav] = [fileOf("MPEG_LAYER_III"), fileOf("PCM_16")];
    const junk = Buffer.alloc(8 + 400_001 + 1);
    junk.write("JUNK");
    junk.writeUInt32LE(400_001, 4);
    const withJunk = Buffer.concat([wav.subarray(0, 12), junk, wav.subarray(12)]);
    expect(await headerOf("tagged.mp3", Buffer.concat([id3(300_000), mp3]))).toEqual(await soundHeader(mp3));
    expect(await headerOf("tagged.wav", withJunk)).toEqual(await soundHeader(wav));
    const flac = Buffer.from(cases.find(({ format }) => format === "FLAC")!.file, "base64");
    expect(await headerOf("tagged.flac", Buffer.concat([id3(300), flac]))).toEqual(await soundHeader(flac));
    const { samples } = await decodeSound(Buffer.concat([id3(300), flac]), { id: "a", sampleRate: 16_000 });
    expect(samples).toEqual((await decodeSound(flac, { id: "a", sampleRate: 16_000 })).samples);
  });

  it("of an MP3 file without a tag for it tells no length", async () => {
    const mp3 = Buffer.from(fileOf("MPEG_LAYER_III"));
    for (const tag of ["Xing", "Info"]) if (mp3.includes(tag)) mp3.write("Xinf", mp3.indexOf(tag));
    expect(await headerOf("untagged.mp3", mp3)).toMatchObject({ kind: "mp3", seconds: undefined });
  });

  it("names the path, or what it is told to name", async () => {
    await writeFile(join(folder, "note.wav"), "no sound at all");
    await expect(soundHeader(join(folder, "note.wav"))).rejects.toThrow(`${join(folder, "note.wav")}: text, no sound`);
    await expect(soundHeader(join(folder, "note.wav"), "note")).rejects.toThrow("note: text, no sound");
  });
});
