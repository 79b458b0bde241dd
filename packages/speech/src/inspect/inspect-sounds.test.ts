import { beforeAll, describe, expect, it } from "vitest";
import { tone, wav } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { inspectSounds } from "./inspect-sounds.js";

const folder = useTemporaryFolder();

beforeAll(async () => {
  const first = wav(tone(1, 800)); // 0.1 s
  const files: Record<string, Buffer | string> = {
    "train/ann/1.wav": first,
    "train/ann/2.wav": wav(tone(2, 4000), { sampleRate: 16000 }), // 0.25 s
    "train/bob/loud.wav": wav(tone(3, 2400).map((x, n) => (n < 24 ? 1.2 * Math.sign(x) : x))), // 0.3 s, 1 % at full scale
    "train/bob/quiet.wav": wav(Array(1600).fill(0.0005)), // 0.2 s
    "test/cy/copy.wav": first,
    "test/cy/mute.wav": wav(Array(800).fill(0)),
    "test/cy/mute-too.wav": wav(Array(800).fill(0)),
    "test/cy/stereo.wav": wav(tone(5, 800), { channels: 2 }),
    "test/cy/again.wav": wav(tone(5, 800)), // the same sound in one channel
    "test/cy/empty.wav": "",
    "test/cy/half.wav": first.subarray(0, 900),
  };
  for (const [name, content] of Object.entries(files)) await folder.write(`set/${name}`, content);
});

describe("inspectSounds", () => {
  it("tells lengths, rates, what is too loud, silent, broken or there twice", async () => {
    const progress: number[] = [];
    const seen = await inspectSounds(folder.path("set"), {
      speakerFrom: "folder",
      onProgress: (done, total) => progress.push(done / total),
    });
    expect(seen.broken.map(({ id }) => id)).toEqual(["test/cy/empty.wav", "test/cy/half.wav"]);
    expect(seen.sizes).toEqual([
      { size: "8,000 Hz, 1 channel", count: 7 },
      { size: "16,000 Hz, 1 channel", count: 1 },
      { size: "8,000 Hz, 2 channels", count: 1 },
    ]);
    // 0.1 s six times, 0.2, 0.25 and 0.3 s
    expect(seen.lengths.shortest).toBeCloseTo(0.1);
    expect(seen.lengths.median).toBeCloseTo(0.1);
    expect(seen.lengths.longest).toBeCloseTo(0.3);
    expect(seen.lengths.total).toBeCloseTo(1.35);
    expect(seen.clipped).toEqual([{ id: "train/bob/loud.wav", share: 0.01 }]);
    expect(seen.silent).toEqual(["train/bob/quiet.wav", "test/cy/mute-too.wav", "test/cy/mute.wav"]);
    expect(seen.duplicates).toEqual([
      {
        first: { id: "train/ann/1.wav", part: "train" },
        second: { id: "test/cy/copy.wav", part: "test" },
        isExact: true,
      },
      {
        first: { id: "test/cy/again.wav", part: "test" },
        second: { id: "test/cy/stereo.wav", part: "test" },
        isExact: true,
      },
    ]);
    expect(seen.found.remarks).toContain("3 speakers: ann, bob, cy");
    expect(seen.found.remarks!.slice(-3)).toEqual([
      "lengths from 0.10 s to 0.30 s, median 0.10 s; 1.4 seconds in all",
      "recorded too loudly, over 0.1 % of samples at full scale: 1 (train/bob/loud.wav 1.0 %)",
      "silent, nothing above −60 dB: 3 (train/bob/quiet.wav, test/cy/mute-too.wav, test/cy/mute.wav)",
    ]);
    expect(progress).toHaveLength(11);
    expect(progress.at(-1)).toBe(1);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(inspectSounds(folder.path("set"), { signal: stop.signal })).rejects.toThrow("enough");
  });
});
