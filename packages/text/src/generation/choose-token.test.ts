import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { type ChoiceOptions, candidates, chooseToken } from "./choose-token.js";

const scores = Float32Array.from([1, 4, 2, 3, 4].map((weight) => Math.log(weight))); // of 14

describe("candidates", () => {
  const shares = (options: ChoiceOptions) => {
    const { ids, probabilities } = candidates(scores, options);
    return [...ids].map((id, place) => [id, Number(probabilities[place]!.toFixed(4))]);
  };

  it("has each token with its share", () => {
    expect(shares({})).toEqual([1, 4, 2, 3, 4].map((weight, id) => [id, Number((weight / 14).toFixed(4))]));
  });

  it("sharpens by temperature: at ½ shares are as squares", () => {
    expect(shares({ temperature: 0.5 })).toEqual(
      [1, 16, 4, 9, 16].map((weight, id) => [id, Number((weight / 46).toFixed(4))]),
    );
  });

  it("keeps the k likeliest, the earlier of two alike", () => {
    expect(shares({ topK: 1 })).toEqual([[1, 1]]);
    expect(shares({ topK: 3 }).map(([id]) => id)).toEqual([1, 4, 3]);
    expect(shares({ topK: 3 })[2]).toEqual([3, Number((3 / 11).toFixed(4))]);
    expect(shares({ topK: 99 })).toHaveLength(5);
  });

  it("keeps the likeliest that together have probability p, of what top-k left", () => {
    expect(shares({ topP: 0.5 }).map(([id]) => id)).toEqual([1, 4]); // 8/14
    expect(shares({ topP: 0.6 }).map(([id]) => id)).toEqual([1, 4, 3]);
    expect(shares({ topP: 0.01 })).toEqual([[1, 1]]);
    expect(shares({ topK: 3, topP: 0.7 }).map(([id]) => id)).toEqual([1, 4]); // 8/11
  });

  it("stays a number for scores of any size", () => {
    const { probabilities } = candidates(Float32Array.from([1e4, -1e4, Number.NEGATIVE_INFINITY]));
    expect([...probabilities]).toEqual([1, 0, 0]);
  });

  it("says what an impossible option must be", () => {
    expect(() => candidates(scores, { temperature: -1 })).toThrow("temperature must be 0 or above, got -1");
    expect(() => candidates(scores, { topK: 0 })).toThrow("topK must be a whole number from 1, got 0");
    expect(() => candidates(scores, { topP: 0 })).toThrow("topP must be above 0, got 0");
  });
});

describe("chooseToken", () => {
  it("takes the likeliest at temperature 0, without chance", () => {
    expect(chooseToken(scores, undefined, { temperature: 0 })).toBe(1);
    expect(() => chooseToken(scores, undefined)).toThrow("random must be given");
  });

  it("draws each token as often as its share says", () => {
    const random = createRandom(5);
    const counts = new Float64Array(5);
    for (let draw = 0; draw < 14_000; draw += 1) counts[chooseToken(scores, random)]! += 1;
    for (const [id, weight] of [1, 4, 2, 3, 4].entries()) {
      expect(Math.abs(counts[id]! - 1000 * weight)).toBeLessThan(5 * Math.sqrt(1000 * weight));
    }
  });
});
