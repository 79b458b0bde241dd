import { describe, expect, it } from "vitest";
import { normalizedAnswer, squadScores } from "./squad-scores.js";

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

describe("squadScores", () => {
  const score = (prediction: string | undefined, answers: string[]) => {
    const { exactMatch, f1 } = squadScores(new Map(prediction === undefined ? [] : [["q", prediction]]), [
      { id: "q", answers },
    ]);
    return [exactMatch, Number(f1.toFixed(4))];
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
    const predictions = new Map([
      ["1", "a cat"],
      ["2", "Denver"],
    ]);
    const references = [
      { id: "1", answers: ["cat"] },
      { id: "2", answers: ["Denver Broncos"] },
      { id: "3", answers: ["x"] },
    ];
    const { exactMatch, f1, questions } = squadScores(predictions, references);
    expect(exactMatch).toBeCloseTo(100 / 3, 10);
    expect(f1).toBeCloseTo((100 + 200 / 3) / 3, 10);
    expect(questions).toBe(3);
  });
});
