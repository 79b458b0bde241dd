import { describe, expect, it } from "vitest";
import { pairMerges } from "./pair-merges.js";

const options = { vocabularySize: 100, minFrequency: 1 };

describe("pairMerges", () => {
  it("merges the example of the paper, by hand", async () => {
    // low ×5, lower ×2, newest ×6, widest ×3 (Sennrich et al. 2016, Algorithm 1, without its end of words)
    const letters = ["d", "e", "i", "l", "n", "o", "r", "s", "t", "w"];
    const word = (text: string) => Array.from(text, (letter) => letters.indexOf(letter));
    const words = [
      [word("low"), 5],
      [word("lower"), 2],
      [word("newest"), 6],
      [word("widest"), 3],
    ] as const;

    const { merges, pieces } = await pairMerges(letters, words, { ...options, vocabularySize: letters.length + 7 });

    expect(merges).toEqual([
      ["e", "s"], // 9, before (s, t), 9 too: smaller ids
      ["es", "t"], // 9
      ["l", "o"], // 7, before (o, w)
      ["lo", "w"], // 7
      ["e", "w"], // 6, before (n, e) and (w, est): e comes first
      ["n", "ew"], // 6
      ["new", "est"], // 6
    ]);
    expect(pieces.slice(letters.length)).toEqual(["es", "est", "lo", "low", "ew", "new", "newest"]);
  });

  it("counts a run of one symbol pair by pair from the left", async () => {
    const { merges } = await pairMerges(["a"], [[[0, 0, 0, 0, 0], 1]], options);

    expect(merges).toEqual([
      ["a", "a"], // aaaaa → aa aa a
      ["aa", "a"], // (aa, aa) and (aa, a), once each: the smaller id second
      ["aa", "aaa"],
    ]);
  });

  it("leaves the prefix out where a piece joins the one before it", async () => {
    const { pieces } = await pairMerges(["a", "##a", "##b"], [[[0, 1, 2], 3]], { ...options, continuingPrefix: "##" });

    expect(pieces.slice(3)).toEqual(["aa", "aab"]); // (a, ##a) before (##a, ##b), then (aa, ##b)
  });

  it("stops at pairs met too seldom", async () => {
    const words = [
      [[0, 1], 2],
      [[1, 0], 1],
    ] as const;

    const { merges } = await pairMerges(
      ["a", "b"],
      words.map(([w, n]) => [[...w], n] as const),
      { ...options, minFrequency: 2 },
    );

    expect(merges).toEqual([["a", "b"]]);
  });
});
