import { symlink } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describeFoundData } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { archiveOf, recording, tone, wav } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import type { SoundDataset } from "./sound-dataset.js";
import { type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

const folder = useTemporaryFolder();

async function write(root: string, files: readonly string[] | Readonly<Record<string, string | Uint8Array>>) {
  const names = Array.isArray(files) ? (files as readonly string[]) : Object.keys(files);
  for (const [n, name] of names.entries()) {
    const content = Array.isArray(files) ? recording(n) : (files as Record<string, string>)[name]!;
    await folder.write(`${root}/${name}`, content);
  }
  return folder.path(root);
}

/** `train 7_theo_1.wav digit 7 theo "seven"`: what is known of each recording. */
async function told(path: string, options?: SurveySoundsOptions): Promise<string[]> {
  const survey = await surveySounds(path, options);
  return survey.parts.flatMap((part) => {
    const sounds = survey.open({ part, sampleRate: 8000 });
    return Array.from({ length: sounds.length }, (_, index) => `${part} ${known(sounds, index)}`);
  });
}

function known(sounds: SoundDataset, index: number): string {
  const name = (names: readonly string[], place: number | undefined) => (place === undefined ? "-" : names[place]!);
  const label = name(sounds.classes, sounds.label(index));
  const speaker = name(sounds.speakers, sounds.speaker(index));
  return `${sounds.id(index)} ${label} ${speaker} ${sounds.transcript(index) ?? "-"}`;
}

describe("surveySounds", () => {
  it("does not guess what folders are, and reads them as classes or as speakers where that is told", async () => {
    const path = await write("folders", ["a/v/1.wav", "a/w/2.wav", "b/v/3.wav"]);
    expect(await told(path)).toEqual(["all a/v/1.wav - - -", "all a/w/2.wav - - -", "all b/v/3.wav - - -"]);
    expect(await told(path, { labelFrom: "folder" })).toEqual([
      "all a/v/1.wav a - -",
      "all a/w/2.wav a - -",
      "all b/v/3.wav b - -",
    ]);
    expect(await told(path, { speakerFrom: "folder", labelFrom: "speaker" })).toEqual([
      "all a/v/1.wav a a -",
      "all a/w/2.wav a a -",
      "all b/v/3.wav b b -",
    ]);
    const { found } = await surveySounds(path);
    expect(describeFoundData(found, "recordings")).toEqual([
      "a folder of recordings",
      "  all: 3 recordings in 3 files",
      '  no classes: its folders (a, b) may be classes or speakers: choose { labelFrom: "folder" }, and { speakerFrom: "folder" } where they are speakers',
      "  8,000 Hz, 1 channel; 0.0 seconds in all",
    ]);
    const asked = await surveySounds(path, { asksClasses: false });
    expect(asked.found.remarks).toEqual(["8,000 Hz, 1 channel; 0.0 seconds in all"]);
    await expect(surveySounds(path, { labelFrom: "word" })).rejects.toThrow(
      "tells a word, as { labelFrom } asks; known of its recordings: folder.",
    );
  });

  it("takes folders named as parts for parts, and counts what lies outside and beside", async () => {
    const path = await write("parts", {
      "train/yes/1.wav": recording(1),
      "train/no/2.wav": recording(2),
      "dev/yes/3.flac": recording(3),
      "test/no/4.wav": recording(4),
      "notes.md": "",
      "about.txt": "no transcript",
      "5.wav": recording(5),
      ".hidden.wav": recording(6),
    });
    expect(await told(path, { labelFrom: "folder" })).toEqual([
      "train train/no/2.wav no - -",
      "train train/yes/1.wav yes - -",
      "validation dev/yes/3.flac yes - -",
      "test test/no/4.wav no - -",
    ]);
    const { found } = await surveySounds(path);
    expect(found.passedOver).toEqual([
      { what: "recordings outside the parts", count: 1, names: ["5.wav"] },
      { what: ".txt files", count: 1, names: ["about.txt"] },
      { what: "hidden files and folders", count: 1, names: [".hidden.wav"] },
      { what: ".md files", count: 1, names: ["notes.md"] },
    ]);
  });

  it("reads LibriSpeech: who speaks, what is said, the part of the folder above", async () => {
    const path = await write("libri", {
      "LibriSpeech/train-clean-5/84/121/84-121-0000.flac": recording(1),
      "LibriSpeech/train-clean-5/84/121/84-121-0001.flac": recording(2),
      "LibriSpeech/train-clean-5/84/121/84-121.trans.txt": "84-121-0000 GO DO YOU HEAR\n84-121-0001 BUT IN LESS\n",
      "LibriSpeech/dev-clean/9/7/9-7-0000.flac": recording(3),
      "LibriSpeech/dev-clean/9/7/9-7.trans.txt": "9-7-0000 MISTER QUILTER\r\n",
      "LibriSpeech/SPEAKERS.TXT": "; ID | SEX",
    });
    expect(await told(path)).toEqual([
      "train LibriSpeech/train-clean-5/84/121/84-121-0000.flac - 84 GO DO YOU HEAR",
      "train LibriSpeech/train-clean-5/84/121/84-121-0001.flac - 84 BUT IN LESS",
      "validation LibriSpeech/dev-clean/9/7/9-7-0000.flac - 9 MISTER QUILTER",
    ]);
    const { found, speakers } = await surveySounds(path);
    expect(speakers).toEqual(["9", "84"]);
    expect(found.kind).toBe("LibriSpeech");
    expect(found.remarks).toContain("2 speakers: 9, 84");
    expect(found.remarks).toContain("transcripts of all recordings");
    await folder.write("libri/LibriSpeech/dev-clean/9/7/9-7.trans.txt", "9-7-0000 MISTER QUILTER\nwhat is this\n");
    await expect(surveySounds(path)).rejects.toThrow(/9-7\.trans\.txt:2 must be an utterance's name and what is said/);
  });

  it("reads Speech Commands: words, speakers by hash, parts by its lists, without background noise", async () => {
    const path = await write("commands", {
      "bed/0a7c2a8d_nohash_0.wav": recording(1),
      "bed/1b88bf70_nohash_0.wav": recording(2),
      "cat/0a7c2a8d_nohash_0.wav": recording(3),
      "cat/1b88bf70_nohash_1.wav": recording(4),
      "_background_noise_/pink_noise.wav": recording(5),
      "validation_list.txt": "bed/1b88bf70_nohash_0.wav\n",
      "testing_list.txt": "cat/1b88bf70_nohash_1.wav\ncat/ffffffff_nohash_0.wav\n",
    });
    expect(await told(path)).toEqual([
      "train bed/0a7c2a8d_nohash_0.wav bed 0a7c2a8d -",
      "train cat/0a7c2a8d_nohash_0.wav cat 0a7c2a8d -",
      "validation bed/1b88bf70_nohash_0.wav bed 1b88bf70 -",
      "test cat/1b88bf70_nohash_1.wav cat 1b88bf70 -",
    ]);
    const { found } = await surveySounds(path);
    expect(found.passedOver).toEqual([
      { what: "recordings of background noise", count: 1, names: ["_background_noise_/pink_noise.wav"] },
    ]);
    expect(found.remarks).toContain("1 recording of its lists is not there: cat/ffffffff_nohash_0.wav");
  });

  it("reads names by a pattern, in a folder and in an archive alike", async () => {
    const names = ["0_george_0.wav", "0_theo_7.wav", "1_george_3.wav", "1_theo_9.wav"];
    const pattern = "{digit}_{speaker}_{index}.wav";
    const path = await write("named", names);
    const expected = [
      "all 0_george_0.wav 0 george -",
      "all 0_theo_7.wav 0 theo -",
      "all 1_george_3.wav 1 george -",
      "all 1_theo_9.wav 1 theo -",
    ];
    expect(await told(path, { pattern })).toEqual(expected);
    const archive = await archiveOf(Object.fromEntries(names.map((name, n) => [`recordings/${name}`, recording(n)])));
    const tar = await folder.write("fsdd.tar", archive);
    const inTar = (line: string) => line.replace("all ", "all fsdd.tar/recordings/");
    expect(await told(tar, { pattern })).toEqual(expected.map(inTar));
    const gz = await folder.write("packed/fsdd.tar.gz", gzipSync(archive));
    expect(await told(gz, { pattern })).toEqual(expected.map((line) => inTar(line).replace(".tar/", ".tar.gz/")));
    const sounds = (await surveySounds(tar, { pattern })).open({ sampleRate: 8000 });
    const { samples, label, speaker } = await sounds.get(1);
    expect([label, speaker, samples.length]).toEqual([0, 1, 80]);
    expect(samples[7]).toBeCloseTo(tone(1)[7]!, 4);
    expect(await sounds.seconds!(1)).toBe(0.01);
    await expect(surveySounds(path, { pattern: "{digit}-{speaker}.wav" })).rejects.toThrow(
      /most recordings of .* must be named \{digit\}-\{speaker\}\.wav, got 0 of 4; 0_george_0\.wav is not/,
    );
    const { found } = await surveySounds(path, { pattern: "{digit}_george_{index}.wav" });
    expect(found.passedOver).toEqual([
      {
        what: "recordings that are named otherwise than the pattern",
        count: 2,
        names: ["0_theo_7.wav", "1_theo_9.wav"],
      },
    ]);
  });

  it("holds out speakers, or what fulfils a condition, and refuses what is not there", async () => {
    const path = await write("held", ["0_ann_0.wav", "0_bob_7.wav", "1_ann_3.wav", "1_cy_10.wav"]);
    const pattern = "{digit}_{speaker}_{index}.wav";
    const parts = async (options: SurveySoundsOptions) =>
      (await told(path, { pattern, ...options })).map((line) => line.split(" ").slice(0, 2).join(" "));
    expect(await parts({ heldOutSpeakers: ["ann"] })).toEqual([
      "train 0_bob_7.wav",
      "train 1_cy_10.wav",
      "test 0_ann_0.wav",
      "test 1_ann_3.wav",
    ]);
    expect(await parts({ test: "index<5" })).toEqual([
      "train 0_bob_7.wav",
      "train 1_cy_10.wav",
      "test 0_ann_0.wav",
      "test 1_ann_3.wav",
    ]);
    expect((await parts({ test: "index>=7" })).at(-1)).toBe("test 1_cy_10.wav");
    expect((await parts({ test: "speaker=bob, cy" })).filter((line) => line.startsWith("test"))).toHaveLength(2);
    const asked = (options: SurveySoundsOptions) => surveySounds(path, { pattern, ...options });
    await expect(asked({ heldOutSpeakers: ["ann", "dan"] })).rejects.toThrow(
      /heldOutSpeakers must be speakers of .* \(ann, bob, cy\), got dan\./,
    );
    await expect(asked({ heldOutSpeakers: ["ann", "bob", "cy"] })).rejects.toThrow("holds out 4");
    await expect(asked({ test: "index<0" })).rejects.toThrow("index<0 holds out 0");
    await expect(asked({ test: "take<5" })).rejects.toThrow("tells a take");
    await expect(asked({ test: "speaker<5" })).rejects.toThrow(/the speaker of .* must be a number, got ann/);
    await expect(asked({ test: "index<five" })).rejects.toThrow("< compares numbers, got five");
    await expect(asked({ test: "index" })).rejects.toThrow("must be a condition");
    await expect(asked({ test: "index<5", heldOutSpeakers: ["ann"] })).rejects.toThrow("Choose one");
    await expect(surveySounds(path, { heldOutSpeakers: ["ann"] })).rejects.toThrow("tells who speaks");
  });

  it("reads webdataset's shards: classes, transcripts and both from JSON", async () => {
    await folder.write(
      "shards/data-000000.tar",
      await archiveOf({ "000.flac": recording(1), "000.cls": "3\n", "000.txt": "hello there\n", "readme.md": "x" }),
    );
    await folder.write(
      "shards/data-000001.tar",
      await archiveOf({ "000.wav": recording(2), "000.json": '{"label": 10, "speaker": "ann", "text": "good day"}' }),
    );
    expect(await told(folder.path("shards"))).toEqual([
      "all data-000000.tar/000.flac 3 - hello there",
      "all data-000001.tar/000.wav 10 ann good day",
    ]);
    const { found } = await surveySounds(folder.path("shards"));
    expect(found.passedOver).toEqual([{ what: ".md files", count: 1, names: ["readme.md"] }]);
  });

  it("reads LibriSpeech and Speech Commands inside archives", async () => {
    const libri = await archiveOf({
      "LibriSpeech/dev-clean/9/7/9-7-0000.flac": recording(1),
      "LibriSpeech/dev-clean/9/7/9-7.trans.txt": "9-7-0000 MISTER QUILTER\n",
    });
    const tar = await folder.write("inside/dev-clean.tar", libri);
    expect(await told(tar)).toEqual([
      "validation dev-clean.tar/LibriSpeech/dev-clean/9/7/9-7-0000.flac - 9 MISTER QUILTER",
    ]);
    const commands = await archiveOf({
      "./bed/0a7c2a8d_nohash_0.wav": recording(2),
      "./bed/1b88bf70_nohash_0.wav": recording(3),
      "./_background_noise_/noise.wav": recording(4),
      "./validation_list.txt": "",
      "./testing_list.txt": "bed/1b88bf70_nohash_0.wav\n",
    });
    expect(await told(await folder.write("inside/commands.tar.gz", gzipSync(commands)))).toEqual([
      "train commands.tar.gz/bed/0a7c2a8d_nohash_0.wav bed 0a7c2a8d -",
      "test commands.tar.gz/bed/1b88bf70_nohash_0.wav bed 1b88bf70 -",
    ]);
  });

  it("reads transcripts beside loose recordings", async () => {
    const path = await write("loose", { "x/1.wav": recording(1), "x/1.txt": "one", "x/2.wav": recording(2) });
    expect(await told(path)).toEqual(["all x/1.wav - - one", "all x/2.wav - - -"]);
    expect((await surveySounds(path)).found.remarks).toContain("transcripts of 1 recording");
  });

  it("names broken recordings as broken, and other data of the same names as other data", async () => {
    const path = await write("broken", {
      "1.wav": recording(1),
      "2.wav": recording(2).subarray(0, 60),
      "3.wav": "",
      "4.wav": "this is text, whatever its name says, and long enough to be a header",
    });
    await symlink("nowhere.wav", folder.path("broken/5.wav"));
    const survey = await surveySounds(path);
    const sounds = survey.open({ sampleRate: 8000 });
    expect(sounds.length).toBe(5);
    const reasons = await Promise.all([1, 2, 3, 4].map((n) => sounds.get(n).catch((error: Error) => error)));
    for (const [n, error] of reasons.entries())
      expect(error).toMatchObject({ name: "CorruptSampleError", id: `${n + 2}.wav` });
    expect(String(reasons[1])).toContain("the file is empty");
    expect(String(reasons[3])).toContain("there is no such file");
    expect(survey.found.remarks!.at(-1)).toMatch(/^\d cannot be read, the first: /);
    const before = await sounds.contents!();
    expect(await (await surveySounds(path)).open({ sampleRate: 8000 }).contents!()).toBe(before);
    await folder.write("broken/1.wav", recording(9));
    expect(await (await surveySounds(path)).open({ sampleRate: 8000 }).contents!()).not.toBe(before);
  });

  it("reads one file, several rates, and says all that it looked for where there is nothing", async () => {
    const path = await write("rates", {
      "1.wav": wav(tone(1), { sampleRate: 16000 }),
      "2.wav": wav(tone(2), { sampleRate: 16000 }),
      "3.wav": wav(tone(3), { channels: 2 }),
    });
    expect((await surveySounds(path)).found.remarks!.at(-1)).toBe(
      "16,000 Hz, 1 channel: 2; 8,000 Hz, 2 channels: 1; 0.0 seconds in all",
    );
    expect(await told(`${path}/3.wav`)).toEqual(["all 3.wav - - -"]);
    await folder.write("empty/readme.md", "x");
    await expect(surveySounds(folder.path("empty"))).rejects.toThrow(
      /must be or hold recordings \(\.wav, \.flac.*Got 1 \.md file \(readme\.md\)/,
    );
    await expect(surveySounds(folder.path("none"))).rejects.toThrow("cannot be opened");
    await expect(surveySounds(await folder.write("one.md", "x"))).rejects.toThrow("Got 1 .md file (one.md)");
  });
});
