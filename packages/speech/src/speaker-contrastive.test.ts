import { createRandom, lossOf, type Random, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { mul, reshape, reverse, type Tensor, type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import type { WaveAugment } from "./augment/wave-augment.js";
import { stackSounds } from "./sound.js";
import { type SpeakerContrastiveOptions, speakerContrastive } from "./speaker-contrastive.js";
import { smallSpeakerEncoder } from "./testing/small-speaker-encoder.js";
import { voices } from "./testing/voices.js";

beforeAll(useTestBackend);

const sounds = voices(4, 1);
const inputs = () => stackSounds(sounds.map((sound) => ({ ...sound, samples: sound.samples.subarray(0, 1200) })));
const make = (random: Random, options: SpeakerContrastiveOptions = {}) =>
  speakerContrastive(smallSpeakerEncoder(random.split("encoder")), random, { cropSeconds: 0.1, ...options });

describe.each<[string, SpeakerContrastiveOptions]>([
  ["nt-xent, as it comes", { temperature: 0.5 }],
  ["angular prototypical, behind a projector", { loss: "angular-prototypical", projectionSize: 4 }],
])("speakerContrastive: %s", (_, options) => {
  const suite = methodSuite({ make: (random) => make(random, options), samples: sounds, inputs, steps: 6 });
  for (const { name, run } of suite) test(name, run);
});

/** Each crop louder or softer. */
const gain: WaveAugment = Object.assign(
  (waves: Tensor2D, { gains }: { gains?: Tensor }) => mul<Tensor2D>(waves, reshape(gains!, [-1, 1])),
  { draw: (n: number, random: Random) => ({ gains: tensor1d(random.uniforms(n, 2, 3)) }) },
) as WaveAugment;

describe("what is learned and drawn", () => {
  it("is the encoder alone unless told, and no labels are asked for", () => {
    const unlabelled = sounds.map(({ speaker: _, ...sound }) => sound);
    const method = make(createRandom(1));
    expect(Object.keys(method.learned)).toEqual(["encoder"]);
    expect(Object.keys(make(createRandom(1), { loss: "angular-prototypical" }).learned)).toEqual(["encoder", "scale"]);
    const { first, second } = method.draw(unlabelled, createRandom(2));
    expect(first.waves.shape).toEqual([4, 800]);
    expect(first.chances).toBeUndefined();
    expect([...first.waves.dataSync()]).not.toEqual([...second.waves.dataSync()]);
  });

  it("gives each crop of a short utterance a share of it, repeated", () => {
    const samples = Float32Array.from({ length: 1000 }, (_, i) => i);
    const { first } = make(createRandom(1), { cropSeconds: 0.3, cropShare: 0.5 }).draw(
      [{ id: "a", samples, sampleRate: 8000 }],
      createRandom(3),
    );
    const heard = [...first.waves.dataSync()];
    expect(heard).toHaveLength(2400);
    expect(new Set(heard).size).toBe(500);
    expect(Math.max(...heard) - Math.min(...heard)).toBe(499); // one piece of it
  });

  it("augments both crops by chances of their own", () => {
    const plain = make(createRandom(1));
    const method = make(createRandom(1), { augment: gain });
    const batch = method.draw(sounds, createRandom(2));
    expect(batch.first.chances).toBeDefined();
    const loud = [...(batch.first.chances!.gains as Tensor).dataSync()];
    expect(loud).not.toEqual([...(batch.second.chances!.gains as Tensor).dataSync()]);
    const louder = (crops: typeof batch.first) => ({ waves: gain(crops.waves, crops.chances!) });
    const byHand = { first: louder(batch.first), second: louder(batch.second) };
    const lossIn = (of: typeof plain, given: typeof batch) => training(() => lossOf(of.loss(given))).dataSync()[0];
    expect(lossIn(method, batch)).toBeCloseTo(lossIn(plain, byHand)!, 5);
  });

  it("knows the partner where both crops are one", () => {
    const method = make(createRandom(1));
    const { first } = method.draw(sounds, createRandom(2));
    expect(method.metrics!({ first, second: first }).accuracy!.dataSync()[0]).toBe(1);
    const others = { waves: reverse(first.waves, 0) };
    expect(method.metrics!({ first, second: others }).accuracy!.dataSync()[0]).toBe(0);
  });

  it("says what an impossible option must be", () => {
    const random = createRandom(1);
    expect(() => make(random, { cropSeconds: 0.01 })).toThrow("cropSeconds must be at least 0.035");
    expect(() => make(random, { cropShare: 0 })).toThrow("cropShare must be above 0 and at most 1, got 0");
    expect(() => make(random, { loss: "triplet" as "nt-xent" })).toThrow("got triplet");
    expect(() => make(random).draw([{ ...sounds[0]!, sampleRate: 16000 }], random)).toThrow("got 16000 Hz");
  });
});
