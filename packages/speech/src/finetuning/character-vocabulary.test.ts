import { describe, expect, it } from "vitest";
import { characterVocabulary, vocabularyOf } from "./character-vocabulary.js";

describe("characterVocabulary", () => {
  const vocabulary = characterVocabulary(["Zwei  eins", "drei\n"]);

  it("has the blank, the space's mark and every character of the transcripts, lower-cased", () => {
    expect(vocabulary.tokens.join("")).toBe("<pad>|deinrswz");
    expect(characterVocabulary(["aB"], { lowerCase: false }).tokens).toEqual(["<pad>", "|", "B", "a"]);
  });

  it("writes and reads: one space between words", () => {
    expect([...vocabulary.encode(" Ein  Eis ")]).toEqual([3, 4, 5, 1, 3, 4, 7]);
    expect(vocabulary.decode([1, 3, 0, 4, 5, 1, 1, 3, 4, 7])).toBe("ein eis");
    expect(vocabulary.normalize(" EIN\tEis")).toBe("ein eis");
  });

  it("takes characters as code points, composed", () => {
    const composed = characterVocabulary(["nai\u0308ve 𝄞"]);
    expect(composed.tokens).toHaveLength(2 + 6);
    expect(composed.decode(composed.encode("naïve 𝄞"))).toBe("naïve 𝄞");
  });

  it("refuses a character that it does not have, and names it, unless it has a mark for unknown ones", () => {
    expect(() => vocabulary.encode("Eins!", "a.wav")).toThrow(
      'every character must be one of the 8 of the vocabulary, got "!" in a.wav, "Eins!"',
    );
    expect([...vocabularyOf(["<pad>", "<unk>", "|", "a"], true).encode("a!")]).toEqual([3, 1]);
    expect(vocabularyOf(["<pad>", "<unk>", "|", "a"], true).decode([3, 1, 2, 3])).toBe("a a");
  });

  it("refuses transcripts without a character, the mark of the space, and tokens without a blank", () => {
    expect(() => characterVocabulary(["", " "])).toThrow("must hold a character");
    expect(() => characterVocabulary(["a|b"])).toThrow("must not hold |");
    expect(() => vocabularyOf(["|", "<pad>"], true)).toThrow("have <pad> at 0");
  });
});
