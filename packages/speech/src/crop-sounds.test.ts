import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { cropSounds } from "./crop-sounds.js";

beforeAll(useTestBackend);

/** Samples 1, 2, 3, …: a value tells its place. */
const counting = (length: number, id = `${length}.wav`) => ({
  id,
  samples: Float32Array.from({ length }, (_, i) => i + 1),
  sampleRate: 8000,
});

describe("cropSounds", () => {
  test("longer recordings give every piece of theirs, no other", () => {
    const random = createRandom(1);
    const starts = new Set<number>();
    for (let draw = 0; draw < 60; draw += 1) {
      const [wave] = cropSounds([counting(7)], 4, random).arraySync();
      expect(wave).toEqual([0, 1, 2, 3].map((i) => wave![0]! + i));
      starts.add(wave![0]!);
    }
    expect([...starts].sort()).toEqual([1, 2, 3, 4]);
  });

  test("shorter ones are repeated from any place on, without zeros", () => {
    const random = createRandom(1);
    const starts = new Set<number>();
    for (let draw = 0; draw < 60; draw += 1) {
      const [wave] = cropSounds([counting(3)], 8, random).arraySync();
      expect(wave).toEqual(Array.from({ length: 8 }, (_, i) => ((wave![0]! - 1 + i) % 3) + 1));
      starts.add(wave![0]!);
    }
    expect([...starts].sort()).toEqual([1, 2, 3]);
  });

  test("one of the very length is given as it is", () => {
    expect(cropSounds([counting(4), counting(5)], 4, createRandom(1)).arraySync()[0]).toEqual([1, 2, 3, 4]);
    expect(cropSounds([counting(4), counting(5)], 4, createRandom(1)).shape).toEqual([2, 4]);
  });

  test("an empty one is named", () => {
    expect(() => cropSounds([counting(0, "empty.wav")], 4, createRandom(1))).toThrow("empty.wav must have a sample");
    expect(() => cropSounds([counting(1)], 0, createRandom(1))).toThrow("got 0");
  });
});
