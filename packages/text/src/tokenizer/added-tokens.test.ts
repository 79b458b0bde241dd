import { describe, expect, it } from "vitest";
import { wholeTexts, wholeTextTokenizer } from "../testing/whole-texts.js";
import { addedTokens } from "./added-tokens.js";

const token = (content: string, id: number, more: object = {}) => ({
  id,
  content,
  spelling: content,
  special: false,
  single_word: false,
  lstrip: false,
  rstrip: false,
  ...more,
});

describe("addedTokens", () => {
  it("by hand: takes the longest, and the white space that a token asks for", () => {
    const { split } = addedTokens([token("<a>", 1), token("<a>b", 2), token("<l>", 3, { lstrip: true })]);
    expect(split("x <a>bc <l>", false)).toEqual([
      { text: "x ", at: 0 },
      { id: 2, text: "<a>b", at: 2 },
      { text: "c", at: 6 },
      { id: 3, text: " <l>", at: 7 },
    ]);
  });

  it("by hand: leaves a word inside a word, and a special token that is not asked for", () => {
    const { split } = addedTokens([token("in", 1, { single_word: true }), token("[S]", 2, { special: true })]);
    expect(split("within in[S]", false)).toEqual([
      { text: "within ", at: 0 },
      { id: 1, text: "in", at: 7 },
      { text: "[S]", at: 9 },
    ]);
    expect(split("[S]", true)).toEqual([{ id: 2, text: "[S]", at: 0 }]);
  });

  it.each(Object.keys(wholeTexts.tokenizers))(
    "is read as by Hugging Face's library, special tokens too: %s",
    (name) => {
      const { added, addedIds, specialIds } = wholeTexts.tokenizers[name]!;
      const { encode, encodeText } = wholeTextTokenizer(name, added);
      for (const [i, text] of wholeTexts.addedTexts.entries()) {
        expect([text, ...encode(text)]).toEqual([text, ...addedIds[i]!]);
        expect([text, ...encodeText!(text, { readsSpecial: true }).ids]).toEqual([text, ...specialIds[i]!]);
      }
    },
  );
});
