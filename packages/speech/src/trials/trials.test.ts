import { createHash } from "node:crypto";
import { createRandom } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { makeTrials } from "./make-trials.js";
import { readTrials } from "./read-trials.js";
import { trialRows } from "./trial-list.js";

const folder = useTemporaryFolder();
const written = (text: string) => folder.write("trials.txt", text);

const setOf = (ids: readonly string[], speakers: readonly (number | undefined)[] = []) => ({
  length: ids.length,
  id: (index: number) => ids[index]!,
  speaker: (index: number) => speakers[index],
});

describe("readTrials", () => {
  it("reads VoxCeleb's lists and Kaldi's, and hashes what they say alike", async () => {
    const voxceleb = await readTrials(await written("1 id1/v/1.wav id1/w/2.wav\r\n\n0 id1/v/1.wav id2/x/1.wav\n"));
    expect(voxceleb.trials).toEqual([
      { first: "id1/v/1.wav", second: "id1/w/2.wav", isSame: true, line: 1 },
      { first: "id1/v/1.wav", second: "id2/x/1.wav", isSame: false, line: 3 },
    ]);
    const kaldi = await readTrials(
      await written("id1/v/1.wav id1/w/2.wav target\nid1/v/1.wav\tid2/x/1.wav\tnontarget\n"),
    );
    expect(kaldi.hash).toBe(voxceleb.hash);
    const plain = '1 ["id1/v/1.wav","id1/w/2.wav"]\n0 ["id1/v/1.wav","id2/x/1.wav"]\n';
    expect(voxceleb.hash).toBe(`sha256:${createHash("sha256").update(plain).digest("hex")}`);
    const other = await readTrials(await written("0 id1/v/1.wav id1/w/2.wav\n1 id1/v/1.wav id2/x/1.wav\n"));
    expect(other.hash).not.toBe(voxceleb.hash);
  });

  it.each<[text: string | Buffer, message: string]>([
    ["1 a.wav b.wav\n2 a.wav c.wav\n", ':2 must be a trial (1 a.wav b.wav; names without spaces), got "2 a.wav c.wav"'],
    ["1 a.wav b.wav\na.wav c.wav target\n", ":2 must be a trial"],
    ["a.wav b.wav target\na.wav c.wav\n", ":2 must be a trial (a.wav b.wav target"],
    ["a.wav b.wav\n", ":1 must be a trial"],
    ["1 a.wav target\n", ":1 must be a trial"],
    ["1 my file.wav b.wav\n", ":1 must be a trial"],
    ["1 a.wav b.wav\n0 a.wav a.wav\n", ":2 must compare two recordings, got a.wav twice"],
    ["1 a.wav b.wav\n0 c.wav a.wav\n0 b.wav a.wav\n", ":3 must not contradict line 1"],
    ["1 a.wav b.wav\n1 a.wav c.wav\n", "must hold trials of one speaker and of two, got 2 and 0"],
    ["", "got 0 and 0"],
    [Buffer.from([0x31, 0x20, 0xff, 0xfe, 0x20, 0x62, 0x0a]), ":1 must be a line of UTF-8 text"],
  ])("refuses %j", async (text, message) => {
    await expect(readTrials(await folder.write("bad.txt", text))).rejects.toThrow(message);
  });
});

describe("trialRows", () => {
  it("finds recordings by their ids or by unmistakable ends of them", async () => {
    const list = await readTrials(await written("1 id1/1.wav id1/2.wav\n0 id1/1.wav dev/id2/1.wav\n"));
    const ids = ["dev/id1/1.wav", "dev/id1/2.wav", "dev/id2/1.wav", "wav/id1/3.wav"];
    const { first, second, isSame } = trialRows(list, setOf(ids));
    expect([[...first], [...second], [...isSame]]).toEqual([
      [0, 0],
      [1, 2],
      [1, 0],
    ]);
    expect(() => trialRows(list, setOf(ids.slice(0, 2)))).toThrow(
      "trialRows: line 2: dev/id2/1.wav must be one of the 2 recordings, and is not there.",
    );
    expect(() => trialRows(list, setOf([...ids, "test/id1/2.wav"]))).toThrow(
      "line 1: id1/2.wav must be one of the 5 recordings, and is the end of several names there",
    );
    expect([...trialRows(list, setOf([...ids, "id1/1.wav", "id1/2.wav"])).first]).toEqual([4, 4]);
  });
});

describe("makeTrials", () => {
  it("draws as many pairs of one speaker as of two, each once and never a file with itself", () => {
    const speakersOf = fc.array(fc.nat(3), { minLength: 4, maxLength: 14 });
    fc.assert(
      fc.property(speakersOf, fc.nat(1000), fc.integer({ min: 1, max: 8 }), (speakers, seed, half) => {
        const dataset = setOf(
          speakers.map((_, n) => `${n}.wav`),
          speakers,
        );
        const pairs = speakers.flatMap((a, i) => speakers.slice(i + 1).map((b) => a === b));
        const fewest = Math.min(pairs.filter(Boolean).length, pairs.filter((same) => !same).length);
        const make = () => makeTrials(dataset, { pairs: 2 * half, random: createRandom(seed) });
        if (fewest < half) {
          expect(make).toThrow(/different pairs of (one speaker|two speakers) are asked for/);
          return;
        }
        const { trials, hash } = make();
        expect(trials.filter(({ isSame }) => isSame)).toHaveLength(half);
        expect(trials).toHaveLength(2 * half);
        const unordered = trials.map(({ first, second }) => [first, second].sort().join(" "));
        expect(new Set(unordered).size).toBe(2 * half);
        for (const { first, second, isSame } of trials) {
          expect(first).not.toBe(second);
          expect(speakers[Number.parseInt(first, 10)] === speakers[Number.parseInt(second, 10)]).toBe(isSame);
        }
        expect(make().hash).toBe(hash);
      }),
    );
  });

  it("takes each pair as often as any other", () => {
    const dataset = setOf(["a0", "a1", "a2", "b0", "b1"], [0, 0, 0, 1, 1]); // 4 pairs of one speaker, 6 of two
    const counts = new Map<string, number>();
    const random = createRandom(3);
    for (let n = 0; n < 3000; n++) {
      for (const { first, second } of makeTrials(dataset, { pairs: 4, random }).trials) {
        const pair = [first, second].sort().join(" ");
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(10);
    for (const [pair, count] of counts) {
      const expected = pair[0] === pair[3] ? 1500 : 1000; // 2 of 4, 2 of 6
      expect(Math.abs(count - expected)).toBeLessThan(120); // 4 standard deviations of the binomial are 110 and 103
    }
  });

  it("refuses odd numbers, and recordings of nobody", () => {
    const dataset = setOf(["a", "b"], [0, undefined]);
    expect(() => makeTrials(dataset, { pairs: 3, random: createRandom(0) })).toThrow(
      "pairs must be an even number from 2",
    );
    expect(() => makeTrials(dataset, { pairs: 2, random: createRandom(0) })).toThrow("nobody says who speaks in b");
  });
});
