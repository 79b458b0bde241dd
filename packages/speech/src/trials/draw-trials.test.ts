import { CorruptSampleError } from "@autodidact/core";
import { expect, it } from "vitest";
import type { Sound } from "../sound.js";
import { drawTrials, type SpokenDataset } from "./draw-trials.js";
import { heardBefore } from "./heard-before.js";

/** Recordings by those who speak in them; `broken` ones cannot be heard. */
const spoken = (speakers: readonly (number | undefined)[], broken: readonly number[] = []): SpokenDataset => ({
  length: speakers.length,
  id: (index) => `${index}.wav`,
  speaker: (index) => speakers[index],
  speakers: [...new Set(speakers)].filter((one) => one !== undefined).map(String),
  async get(index) {
    if (broken.includes(index)) throw new CorruptSampleError(`${index}.wav`, "it is torn");
    return {} as Sound;
  },
});

it("draws as many pairs as there can be of both kinds, among recordings that can be heard", async () => {
  const broken: string[] = [];
  const told = { seed: 0, maxCorrupt: 2, onCorrupt: (error: Error) => broken.push(error.message) };
  const { trials } = await drawTrials(spoken([0, 0, 0, 1, 1, 1], [5]), told);
  expect(trials.filter(({ isSame }) => isSame)).toHaveLength(4); // 3 of one and 1 of the other, of 6 of two
  expect(trials).toHaveLength(8);
  expect(trials.flatMap(({ first, second }) => [first, second])).not.toContain("5.wav");
  expect(broken).toHaveLength(1);
  expect(await drawTrials(spoken([0, 0, 0, 1, 1, 1], [5]), told)).toEqual({ hash: expect.any(String), trials });
  expect((await drawTrials(spoken([0, 0, 1, 1]), { seed: 0, pairs: 2 })).trials).toHaveLength(2);
});

it("says what is missing where no pair of one speaker or of two can be drawn", async () => {
  await expect(drawTrials(spoken([undefined, undefined]), { seed: 0 })).rejects.toThrow(
    'verification must be told who speaks: { speakerFrom: "folder" }',
  );
  await expect(drawTrials(spoken([0, 0]), { seed: 0 })).rejects.toThrow(
    "needs two speakers, and two recordings of one of them; what is measured is 2 recordings by 1.",
  );
  await expect(drawTrials(spoken([0, 0, 1, 1]), { seed: 0, pairs: 6 })).rejects.toThrow(
    "`pairs` must be an even number up to 4",
  );
});

it("knows who was heard in training", () => {
  const config = { method: "ge2e", data: { path: "/talks", reading: { heldOutSpeakers: ["ann", "bob"] } } } as never;
  expect(heardBefore(config, "/others")).toBeUndefined();
  expect(heardBefore(config, "/talks", { heldOutSpeakers: ["ann"] })).toBeUndefined();
  expect(heardBefore(config, "/talks")).toContain("but for ann, bob: the rates hold for speakers that it has heard");
  expect(heardBefore(undefined, "/talks")).toBeUndefined();
});
