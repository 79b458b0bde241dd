import { createRandom } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { slice, tensor1d, tile } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { ge2e } from "./ge2e.js";
import { stackSounds } from "./sound.js";
import { smallSpeakerEncoder } from "./testing/small-speaker-encoder.js";
import { voices } from "./testing/voices.js";

beforeAll(useTestBackend);

const sounds = voices(2, 2);
const encoder = () => smallSpeakerEncoder(createRandom(1));

describe("ge2e", () => {
  const suite = methodSuite({
    make: (random) => ge2e(smallSpeakerEncoder(random), { cropSeconds: 0.1 }),
    samples: sounds,
    inputs: () => stackSounds(sounds.map((sound) => ({ ...sound, samples: sound.samples.subarray(0, 1200) }))),
    steps: 6,
  });
  for (const { name, run } of suite) test(name, run);

  it("takes crops of each utterance, and numbers a batch's speakers whoever they are", () => {
    const named = sounds.map((sound) => ({ ...sound, speaker: sound.speaker! + 700 }));
    const { crops, speakers } = ge2e(encoder(), { cropSeconds: 0.1, crops: 3 }).draw(named, createRandom(2));
    expect(crops.waves.shape).toEqual([12, 800]);
    expect([...speakers.dataSync()]).toEqual([0, 1, 0, 1]);
  });

  it("counts as right what is nearest to its own speaker's centre", () => {
    const method = ge2e(encoder(), { cropSeconds: 0.1, crops: 1 });
    const { crops } = method.draw(sounds, createRandom(2));
    const same = { waves: tile(slice(crops.waves, [0, 0], [2, 800]), [2, 1]) }; // crops 2 and 3 are 0 and 1 again
    const accuracy = (speakers: number[]) =>
      method.metrics!({ crops: same, speakers: tensor1d(speakers, "int32") }).accuracy!.dataSync()[0];
    expect(accuracy([0, 1, 0, 1])).toBe(1);
    expect(accuracy([0, 0, 1, 1])).toBe(0); // each speaker's other utterance is the farther one
  });

  it("asks for labels, and for company", () => {
    const { speaker: _, ...unlabelled } = sounds[0]!;
    const method = ge2e(encoder(), { cropSeconds: 0.1, crops: 1 });
    expect(() => method.draw([unlabelled], createRandom(1))).toThrow(
      "ge2e: every recording must say who speaks, and speaker-0/0.wav does not",
    );
    expect(() => method.draw(sounds.slice(0, 2), createRandom(1))).toThrow("Set crops to 2, or take a larger batch");
    expect(() => ge2e(encoder(), { crops: 0 })).toThrow("crops must be a whole number above 0");
  });
});
