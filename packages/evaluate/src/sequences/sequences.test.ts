import { editDistance } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";

import { cer, wer } from "./error-rate.js";

const words = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });

describe("editDistance", () => {
  it("kitten to sitting: two substitutions, one insertion", () => {
    expect(editDistance([..."kitten"], [..."sitting"])).toBe(3);
    expect([editDistance([], ["a", "b"]), editDistance(["a"], [])]).toEqual([2, 1]);
  });

  it("is a distance", () => {
    fc.assert(
      fc.property(words, words, words, (first, second, third) => {
        const between = editDistance(first, second);
        expect(editDistance(second, first)).toBe(between);
        expect(between === 0).toBe(first.join() === second.join());
        expect(between).toBeLessThanOrEqual(editDistance(first, third) + editDistance(third, second));
      }),
    );
  });
});

describe("wer and cer", () => {
  it("are jiwer's", () => {
    const { each, ...expected } = oracle<{
      right: string[];
      found: string[];
      wer: number;
      cer: number;
      each: number[];
    }>("transcripts");
    expect(wer.overall(expected)).toBeCloseTo(expected.wer, 8);
    expect(cer.overall(expected)).toBeCloseTo(expected.cer, 8);
    wer.perExample(expected).forEach((rate, i) => {
      expect(rate).toBeCloseTo(each[i]!, 8);
    });
  });

  it("sum up edits and words before they divide: 1 of 4, not the mean of 0 and 1", () => {
    expect(wer.overall({ found: ["a b  c", "x"], right: [" a b c", "y"] })).toBe(1 / 4);
  });

  it("refuse transcripts of other utterances", () => {
    expect(() => wer.overall({ found: ["a"], right: [] })).toThrow("got 0 utterances and 1 transcripts");
  });
});
