import { describe, expect, it } from "vitest";
import { recording } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openLabelledSounds } from "./open-labelled-sounds.js";
import { openSounds } from "./open-sounds.js";

const folder = useTemporaryFolder();
const pattern = "{digit}_{speaker}_{index}.wav";
const sampleRate = 8000;

async function write(root: string, ...names: readonly string[]): Promise<string> {
  for (const [n, name] of names.entries()) await folder.write(`${root}/${name}`, recording(n));
  return folder.path(root);
}

const digits = (...speakers: string[]) =>
  speakers.flatMap((speaker) =>
    [0, 1, 2, 3, 4, 5].flatMap((index) => [`0_${speaker}_${index}.wav`, `1_${speaker}_${index}.wav`]),
  );

describe("openLabelledSounds", () => {
  it("tests on the speakers that are held out, and learns from the others alone", async () => {
    const path = await write("digits", ...digits("ann", "bob", "cy"));
    const { classes, train, test, isTestHeldOut, found } = await openLabelledSounds(path, {
      sampleRate,
      pattern,
      heldOutSpeakers: ["bob"],
    });
    expect([classes, train.examples.length, test.examples.length, isTestHeldOut]).toEqual([["0", "1"], 24, 12, false]);
    expect(new Set(test.examples.map(({ id }) => id.split("_")[1]))).toEqual(new Set(["bob"]));
    expect(new Set(train.examples.map(({ id }) => id.split("_")[1]))).toEqual(new Set(["ann", "cy"]));
    expect(new Set(test.examples.map(({ speaker }) => speaker))).toEqual(new Set([1]));
    expect([new Set(train.groups), new Set(test.groups)]).toEqual([new Set([0, 2]), new Set([1])]);
    expect(found!.reading).toEqual(["tested on the speakers bob", "learns from train, tested on test"]);
    expect(train.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("tells speakers apart where that is asked, tested on the lowest indices", async () => {
    const path = await write("speakers", ...digits("ann", "bob"));
    const asked = { sampleRate, pattern, labelFrom: "speaker", test: "index<2" };
    const { classes, train, test } = await openLabelledSounds(path, { ...asked, perClass: 3 });
    expect([classes, train.examples.length, test.examples.length]).toEqual([["ann", "bob"], 6, 8]);
  });

  it("holds out a fifth of each class where nothing else is told", async () => {
    const path = await write(
      "fifth",
      ...digits("ann", "bob", "cy", "dan", "eve").filter((name) => /_[01]\./.test(name)),
    );
    const { train, test, isTestHeldOut } = await openLabelledSounds(path, { sampleRate, pattern });
    expect([train.examples.length, test.examples.length, isTestHeldOut]).toEqual([16, 4, true]);
  });

  it("refuses what is unclear with the choice", async () => {
    const path = await write("folders", "a/1.wav", "a/2.wav", "b/3.wav", "b/4.wav");
    await expect(openLabelledSounds(path, { sampleRate })).rejects.toThrow(
      'may be classes or speakers: choose { labelFrom: "folder" }',
    );
    const fields = await write("fields", "yes_0_ann.wav", "no_0_ann.wav", "no_1_bob.wav");
    await expect(openLabelledSounds(fields, { sampleRate, pattern: "{word}_{take}_{speaker}.wav" })).rejects.toThrow(
      'their names tell word, take: choose { labelFrom: "word" } or { labelFrom: "take" }',
    );
    await expect(openLabelledSounds(`${path}/a`, { sampleRate })).rejects.toThrow("they lie in no folders");
    const one = await write("one", "train/a/1.wav", "test/a/2.wav");
    await expect(openLabelledSounds(one, { sampleRate, labelFrom: "folder" })).rejects.toThrow(
      "there is one class alone, a",
    );
    const strange = await write("strange", "train/a/1.wav", "train/b/2.wav", "test/c/3.wav");
    await expect(openLabelledSounds(strange, { sampleRate, labelFrom: "folder" })).rejects.toThrow(
      "every class of the test part of",
    );
  });

  it("passes over recordings of which a column says no class, and says so", async () => {
    const path = await write("ages", "clips/1.wav", "clips/2.wav", "clips/3.wav", "clips/4.wav", "clips/5.wav");
    const rows = ["path,age", "1.wav,teens", "2.wav,", "3.wav,fifties", "4.wav,teens", "5.wav,fifties"];
    await folder.write("ages/validated.csv", rows.join("\n"));
    const { train, test, found } = await openLabelledSounds(path, { sampleRate, labelFrom: "age" });
    expect([train.examples.length, test.examples.length]).toEqual([2, 2]); // of each class of two one is held out
    expect(found!.passedOver[0]).toEqual({ what: "recordings without a class", count: 1, names: ["clips/2.wav"] });
    expect(await openSounds(path, { sampleRate, labelFrom: "age" })).toMatchObject({ length: 5, classes: [] });
    const loose = await write("loose", "a/1.wav", "b/2.wav", "3.wav");
    await expect(openLabelledSounds(loose, { sampleRate, labelFrom: "folder" })).rejects.toThrow(
      "3.wav has no class, others have",
    );
  });

  it("counts broken recordings, and stops where they are too many", async () => {
    const path = await write("bad", ...digits("ann"));
    await folder.write("bad/0_ann_0.wav", "");
    const told: string[] = [];
    const options = { sampleRate, pattern, onCorrupt: ({ id }: { id: string }) => told.push(id) };
    const { train, test } = await openLabelledSounds(path, options);
    expect([train.examples.length + test.examples.length, told]).toEqual([11, ["0_ann_0.wav"]]);
    await expect(openLabelledSounds(path, { ...options, maxCorrupt: 0 })).rejects.toThrow(
      /openLabelledSounds: at most 0 of \d+ recordings may be broken, and 1 cannot be read:\n {2}0_ann_0\.wav: the file is empty/,
    );
  });
});

describe("openSounds", () => {
  it("asks for the part of a set that comes in parts, and keeps what was decoded within its bytes", async () => {
    const path = await write("parts", "train/1.wav", "train/2.wav", "test/3.wav");
    await expect(openSounds(path, { sampleRate })).rejects.toThrow(
      "holds the parts train (2), test (1). Choose one with split.",
    );
    const sounds = await openSounds(path, { sampleRate, split: ["train", "test"], cacheBytes: 1000 });
    expect([sounds.length, sounds.found.parts.length]).toEqual([3, 2]);
    const [first, again] = [await sounds.get(0), await sounds.get(0)];
    expect(again.samples).toBe(first.samples);
    const [third, thirdAgain] = [await sounds.get(2), await sounds.get(2)]; // 80 samples are 320 bytes and names
    expect(thirdAgain.samples === third.samples).toBe(true);
    const [second, secondAgain] = [await sounds.get(1), await sounds.get(1)];
    expect(secondAgain.samples === second.samples).toBe(false);
    const bare = await openSounds(path, { sampleRate, split: "train", cacheBytes: 0 });
    const [kept, read] = [await bare.get(0), await bare.get(0)];
    expect(read.samples === kept.samples).toBe(false);
  });
});
