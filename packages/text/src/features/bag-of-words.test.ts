import { describe, expect, it } from "vitest";
import { bagOfWords, wordsOf } from "./bag-of-words.js";

describe("bagOfWords", () => {
  it("cuts words and marks, in lower case", () => {
    expect(wordsOf("Don't panic—Ωμέγα 42!")).toEqual(["don't", "panic", "—", "ωμέγα", "42", "!"]);
  });

  it("numbers the training texts' words, each once a text", () => {
    const { train, test } = bagOfWords(
      ["good good film", "a good plot", "bad film", "a bad, bad plot"],
      ["good", "bad unheard-of words", "A GOOD film"],
    );
    expect([train.size, test.size]).toEqual([6, 6]); // good film a plot bad ,
    expect([...train.rows[0]!]).toEqual([0, 1]);
    expect([...test.rows[1]!]).toEqual([4]); // the others are new
    expect([...test.rows[2]!]).toEqual([0, 1, 2]);
  });
});
