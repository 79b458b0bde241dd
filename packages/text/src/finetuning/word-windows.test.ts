import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { special } from "../testing/toy-tokenizer.js";
import { type WordTokenizer, wordWindows } from "./word-windows.js";

/** A piece a letter: `a` is 5; of `!` nothing is left. */
const tokenizer: WordTokenizer = {
  special,
  encode: (word) => Int32Array.from([...word.replaceAll("!", "")], (letter) => letter.charCodeAt(0) - 92),
};
const read = (words: string[], length: number) =>
  wordWindows(words, tokenizer, length).windows.map(({ ids, words, places }) => [[...ids], words, places]);

describe("wordWindows", () => {
  it("asks each word at its first piece", () => {
    expect(read(["ab", "c", "!", "def"], 12)).toEqual([
      [
        [2, 5, 6, 7, 1, 8, 9, 10, 3],
        [0, 1, 2, 3],
        [1, 3, 4, 5],
      ],
    ]);
  });

  it("parts what is too long, by hand: each word where most stands around it", () => {
    expect(read([..."abcdef"], 6)).toEqual([
      [
        [2, 5, 6, 7, 8, 3],
        [0, 1, 2],
        [1, 2, 3],
      ],
      [
        [2, 7, 8, 9, 10, 3],
        [3, 4, 5],
        [2, 3, 4],
      ],
    ]);
  });

  it("reads the beginning of a word longer than all there is room for, and counts it", () => {
    const { windows, cutWords } = wordWindows(["abcdef", "g"], tokenizer, 5);
    expect(windows.map(({ ids, places }) => [[...ids], places])).toEqual([
      [[2, 5, 6, 7, 3], [1]],
      [[2, 11, 3], [1]],
    ]);
    expect(cutWords).toBe(1);
  });

  it("asks every word once, of any sentence, where its own first piece stands", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 3, max: 12 }), (words, length) => {
        const { windows } = wordWindows(words, tokenizer, length);
        expect(windows.flatMap((window) => window.words).sort((a, b) => a - b)).toEqual([...words.keys()]);
        for (const { ids, words: asked, places, firstLength } of windows) {
          expect(ids.length).toBeLessThanOrEqual(length);
          expect(firstLength).toBe(ids.length);
          for (const [n, one] of asked.entries()) expect(ids[places[n]!]).toBe(tokenizer.encode(words[one]!)[0]);
        }
      }),
    );
  });

  it("wants room, and a token for each word", () => {
    expect(() => wordWindows(["a"], tokenizer, 2)).toThrow("must leave room for a word, got 2");
    const bare = { ...tokenizer, special: { ...special, unknown: undefined } };
    expect(() => wordWindows(["!"], bare, 9)).toThrow('the tokenizer makes none of "!"');
  });
});
