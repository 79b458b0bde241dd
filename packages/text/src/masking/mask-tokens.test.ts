import { createRandom } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { maskedCount, maskTokens } from "./mask-tokens.js";

const size = 50;
const vocabulary = toyTokenizer(size);
const sequences = fc.array(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: 130 });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe.each([false, true])("maskTokens, whole words %s", (wholeWords) => {
  it("changes chosen places alone, at most 15 % of them, never a special token", () => {
    fc.assert(
      fc.property(sequences, seeds, (tokens, seed) => {
        const ids = Int32Array.from(tokens);
        const masked = maskTokens(ids, vocabulary, createRandom(seed), { wholeWords });
        expect(masked.positions.length).toBeLessThanOrEqual(maskedCount(ids.length, 0.15));
        expect(new Set(masked.positions).size).toBe(masked.positions.length);
        for (const [slot, place] of masked.positions.entries()) {
          expect(vocabulary.isSpecial[ids[place]!]).toBe(0);
          expect(masked.labels[slot]).toBe(ids[place]);
          const now = masked.ids[place]!;
          expect(now === vocabulary.special.mask || !vocabulary.isSpecial[now]).toBe(true);
        }
        const restored = masked.ids.slice();
        for (const [slot, place] of masked.positions.entries()) restored[place] = masked.labels[slot]!;
        expect(restored).toEqual(ids);
      }),
    );
  });

  it("keeps the rate, and hides 80 %, replaces 10 %, leaves 10 %, over many draws", () => {
    const random = createRandom(7);
    let [tokens, chosen, hidden, kept] = [0, 0, 0, 0];
    const places = new Float64Array(128);
    for (let draw = 0; draw < 3000; draw += 1) {
      const ids = Int32Array.from({ length: 128 }, () => 5 + random.integer(size - 5));
      ids[0] = vocabulary.special.classification!;
      ids[127] = vocabulary.special.separator!;
      const masked = maskTokens(ids, vocabulary, random, { wholeWords });
      tokens += ids.length;
      chosen += masked.positions.length;
      for (const [slot, place] of masked.positions.entries()) {
        places[place]! += 1;
        if (masked.ids[place] === vocabulary.special.mask) hidden += 1;
        else if (masked.ids[place] === masked.labels[slot]) kept += 1;
      }
    }
    expect(chosen / tokens).toBeCloseTo(0.15, 2);
    // of 57,000 dice: two decimals are six standard deviations; one of the 45 replacements is the token itself
    expect(hidden / chosen).toBeCloseTo(0.8, 2);
    expect(kept / chosen).toBeCloseTo(0.1 + 0.1 / 45, 2);
    expect([places[0], places[127]]).toEqual([0, 0]);
    const even = chosen / 126;
    for (const count of places.subarray(1, 127)) expect(Math.abs(count - even)).toBeLessThan(6 * Math.sqrt(even));
  });
});

describe("maskTokens", () => {
  it("chooses exactly as many as google-research/bert counts", () => {
    const count = (length: number) =>
      maskTokens(new Int32Array(length).fill(7), vocabulary, createRandom(1)).positions.length;
    expect([1, 3, 10, 20, 128].map(count)).toEqual([1, 1, 2, 3, 19]); // max(1, round(0.15 n))
  });

  it("chooses all pieces of a word or none, and none where no word fits", () => {
    const word = (start: number, pieces: number) => [start, ...new Array(pieces - 1).fill(6)]; // 6 goes on with a word
    const ids = Int32Array.from([2, ...word(5, 3), ...word(7, 2), ...word(8, 1), ...word(10, 5), ...word(11, 8), 3]);
    const words = [[1, 2, 3], [4, 5], [6], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16, 17, 18, 19]];
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      const { positions } = maskTokens(ids, vocabulary, createRandom(seed), { wholeWords: true, rate: 0.14 }); // 3 of 21
      const chosen = words.filter((places) => places.every((place) => positions.includes(place)));
      expect(chosen.flat()).toEqual([...positions]);
      seen.add(chosen.map((places) => places.length).join("+"));
    }
    expect([...seen].sort()).toEqual(["2+1", "3"]); // a long word drawn first is skipped, not cut
    const long = Int32Array.from([2, ...word(5, 9), 3]);
    expect(maskTokens(long, vocabulary, createRandom(1), { wholeWords: true }).positions).toHaveLength(0);
  });

  it("does not join pieces over a special token", () => {
    const ids = Int32Array.from([5, 3, 6, 6]); // the continuation after [SEP] is of another word
    const { positions } = maskTokens(ids, vocabulary, createRandom(1), { wholeWords: true, rate: 0.25 });
    expect([...positions]).toEqual([0]); // 6 6 does not fit into a budget of 1
  });
});
