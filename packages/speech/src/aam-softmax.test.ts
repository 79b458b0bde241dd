import { createRandom, l2Normalize } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it, test } from "vitest";
import { aamSoftmax } from "./aam-softmax.js";
import { stackSounds } from "./sound.js";
import { smallSpeakerEncoder } from "./testing/small-speaker-encoder.js";
import { voices } from "./testing/voices.js";

beforeAll(useTestBackend);

const sounds = voices(4, 1);
const make = (speakers = 4) =>
  aamSoftmax(smallSpeakerEncoder(createRandom(1)), createRandom(2), { speakers, cropSeconds: 0.1 });

describe("aamSoftmax", () => {
  const suite = methodSuite({
    make: (random) =>
      aamSoftmax(smallSpeakerEncoder(random.split("encoder")), random, { speakers: 4, cropSeconds: 0.1, scale: 5 }),
    samples: sounds,
    inputs: () => stackSounds(sounds.map((sound) => ({ ...sound, samples: sound.samples.subarray(0, 1200) }))),
    steps: 6,
  });
  for (const { name, run } of suite) test(name, run);

  it("is right where a speaker's direction is the embedding", () => {
    const method = make();
    const batch = method.draw(sounds, createRandom(3));
    method.learned.classifier!.parameters.weight!.assign(l2Normalize(method.encoder(batch.crops.waves)));
    expect(method.metrics!(batch).accuracy!.dataSync()[0]).toBe(1);
  });

  it("asks for labels, and for no more speakers than it was told of", () => {
    const { speaker: _, ...unlabelled } = sounds[1]!;
    expect(() => make().draw([unlabelled], createRandom(1))).toThrow("aamSoftmax: every recording must say who speaks");
    expect(() => make(3).draw(sounds, createRandom(1))).toThrow("must be from 0 to 2, got 3 (speaker-3/3.wav)");
    expect(() => make(1)).toThrow("speakers must be a whole number from 2, got 1");
  });
});
