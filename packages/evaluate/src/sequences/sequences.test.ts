import { editDistance } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";

import { cer, ser, wer } from "./error-rate.js";
import { transcriptEdits } from "./transcript-edits.js";

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

describe("transcriptEdits", () => {
  it("one substitution, one deletion, one insertion", () => {
    const answer = { found: ["a x c", "e f g"], right: ["a b c d", "e f"] };
    expect(transcriptEdits(answer, "words")).toEqual({ hits: 4, substitutions: 1, deletions: 1, insertions: 1 });
  });

  it("are as many as the distance, and leave a sequence of each other's length", () => {
    fc.assert(
      fc.property(words, words, (heard, said) => {
        const edits = transcriptEdits({ found: [heard.join(" ")], right: [said.join(" ")] }, "words");
        const { hits, substitutions, deletions, insertions } = edits;
        expect(substitutions + deletions + insertions).toBe(editDistance(heard, said));
        expect(hits + substitutions + deletions).toBe(said.length);
        expect(hits + substitutions + insertions).toBe(heard.length);
      }),
    );
  });
});

describe("as jiwer", () => {
  for (const expected of oracle<{ cases: JiwerCase[] }>("transcript-edits").cases) {
    it(expected.name, () => {
      expect(wer.overall(expected)).toBeCloseTo(expected.wer, 10);
      expect(cer.overall(expected)).toBeCloseTo(expected.cer, 10);
      expect(ser.overall(expected)).toBeCloseTo(expected.ser, 10);
      expect(transcriptEdits(expected, "words")).toEqual(expected.words);
      expect(transcriptEdits(expected, "characters")).toEqual(expected.characters);
    });
  }
});

interface JiwerCase {
  readonly name: string;
  readonly right: string[];
  readonly found: string[];
  readonly wer: number;
  readonly cer: number;
  readonly ser: number;
  readonly words: object;
  readonly characters: object;
}
