import { describe, expect, it } from "vitest";
import { exactMatch, f1, normalizedAnswer } from "./squad.js";

describe("normalizedAnswer", () => {
  it.each([
    ["The  Cat, a dog & an owl!", "cat dog owl"],
    ["theatre and another", "theatre and another"],
    ["U.S.A.", "usa"],
    ["mother-in-law", "motherinlaw"],
    ["  ", ""],
    ["“Été”", "“été”"], // ASCII's punctuation alone, as in the official script
  ])("makes %j %j", (text, normal) => {
    expect(normalizedAnswer(text)).toBe(normal);
  });
});

describe("exactMatch and f1", () => {
  const score = (prediction: string | undefined, answers: string[]) => {
    const answer = { found: [prediction], right: [answers] };
    return [100 * exactMatch.overall(answer), Number((100 * f1.overall(answer)).toFixed(4))];
  };

  it("counts words that both have, by hand", () => {
    expect(score("the Denver Broncos", ["Denver Broncos", "Broncos"])).toEqual([100, 100]);
    expect(score("Denver", ["Denver Broncos"])).toEqual([0, 66.6667]); // precision 1, recall 1/2
    expect(score("in Denver in Colorado", ["Denver in May"])).toEqual([0, 57.1429]); // 2 of 4, 2 of 3
    expect(score("rain", ["snow"])).toEqual([0, 0]);
  });

  it("takes the best of several answers, and nothing for a question left out", () => {
    expect(score("Denver", ["Broncos", "Denver"])).toEqual([100, 100]);
    expect(score(undefined, ["Denver"])).toEqual([0, 0]);
  });

  it("is right to say nothing where there is no answer, and only there", () => {
    expect(score("", [])).toEqual([100, 100]);
    expect(score("Denver", [])).toEqual([0, 0]);
    expect(score("", ["Denver"])).toEqual([0, 0]);
  });

  it("is the mean over questions", () => {
    const answer = { found: ["a cat", "Denver", undefined], right: [["cat"], ["Denver Broncos"], ["x"]] };
    expect(exactMatch.overall(answer)).toBeCloseTo(1 / 3, 12);
    expect(f1.overall(answer)).toBeCloseTo((1 + 2 / 3) / 3, 12);
    expect([...exactMatch.perExample(answer)]).toEqual([1, 0, 0]);
  });

  it("refuses answers to other questions", () => {
    expect(() => f1.overall({ found: [], right: [["x"]] })).toThrow("got 1 questions and 0 answers");
  });
});
