import { beforeAll, describe, expect, it } from "vitest";
import { tone, wav } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { examineSounds, openPretrainSounds } from "./pretrain-sounds.js";

const folder = useTemporaryFolder();
const pattern = "{digit}_{speaker}_{index}.wav";

beforeAll(async () => {
  for (const [n, speaker] of ["ann", "bob", "cy"].entries()) {
    for (const index of [0, 1]) {
      const samples = tone(n, 800 * (index + 1)); // 0.1 s and 0.2 s
      await folder.write(`voices/${n}_${speaker}_${index}.wav`, wav(samples));
    }
  }
  await folder.write("mixed/a.wav", wav(tone(0, 4410), { sampleRate: 44_100 }));
  await folder.write("mixed/b.wav", wav(tone(1, 4410), { sampleRate: 44_100 }));
  await folder.write("mixed/c.wav", wav(tone(2, 800)));
  await folder.write("tests/test/a.wav", wav(tone(0, 800)));
});

describe("examineSounds", () => {
  it("tells what follows from the data: rate, speakers, lengths", async () => {
    const { facts, found } = await examineSounds(folder.path("voices"), { reading: { pattern } });
    expect(facts).toEqual({
      path: folder.path("voices"),
      split: null,
      reading: { pattern },
      sampleRate: 8000,
      length: 6,
      speakers: 3,
      medianSeconds: 0.2,
    });
    expect(found.remarks).toContain("heard at 8,000 Hz");
  });

  it("learns from those that are not held out alone, and says so", async () => {
    const reading = { pattern, heldOutSpeakers: ["bob"] };
    const { facts, found } = await examineSounds(folder.path("voices"), { reading });
    expect(facts).toMatchObject({ split: "train", length: 4, speakers: 3 });
    expect(found.reading).toContain("learns from train, not from test");
    const { length: _, speakers: __, medianSeconds: ___, ...data } = facts;
    const sounds = await openPretrainSounds(JSON.parse(JSON.stringify(data)));
    const ids = Array.from({ length: sounds.length }, (_, index) => sounds.id(index));
    expect(ids.some((id) => id.includes("bob"))).toBe(false);
    expect(await sounds.get(0)).toMatchObject({ sampleRate: 8000 });
  });

  it("takes the most common rate, at most 16,000, unless told; nobody who speaks is 0", async () => {
    expect((await examineSounds(folder.path("mixed"))).facts).toMatchObject({ sampleRate: 16_000, speakers: 0 });
    expect((await examineSounds(folder.path("mixed"), { sampleRate: 8000 })).facts.sampleRate).toBe(8000);
  });

  it("does not learn from what is for testing", async () => {
    await expect(examineSounds(folder.path("tests"), { reading: { layout: "parts" } })).rejects.toThrow(
      "which are for testing",
    );
  });
});
