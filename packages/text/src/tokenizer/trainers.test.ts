import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTokenizer } from "./create-tokenizer.js";
import type { TokenizerFiles } from "./tokenizer.js";
import { trainByteBpe } from "./train-byte-bpe.js";
import { trainCharacters } from "./train-characters.js";
import { trainWordPiece } from "./train-wordpiece.js";
import type { TrainerProgress } from "./trainer-progress.js";

const texts = ["The cat sat on the mat.", "A dog, the dogs; the doggedness!", "ΑΒΓ naïve Ünder\n\n  日本 the"];
const word = fc.constantFrom("the", "then", "cat", "catch", "naïve", "日本", "x", "don't", "\n", "…");
const someTexts = fc.array(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(" ")),
  { minLength: 1, maxLength: 8 },
);

const trainers: Record<string, (texts: Iterable<string>) => Promise<TokenizerFiles>> = {
  trainWordPiece: (texts) => trainWordPiece(texts, { vocabularySize: 120 }),
  trainByteBpe: (texts) => trainByteBpe(texts, { vocabularySize: 300 }),
  trainCharacters: (texts) => trainCharacters(texts, { specialTokens: ["[UNK]"] }),
};

describe.each(Object.entries(trainers))("%s", (_, train) => {
  it("gives the same files in whatever order the texts come", async () => {
    const shuffled = someTexts.chain((texts) =>
      fc.tuple(fc.constant(texts), fc.shuffledSubarray(texts, { minLength: texts.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([texts, others]) => {
        fc.pre(texts.join("") !== "");
        expect(JSON.stringify(await train(others))).toBe(JSON.stringify(await train(texts)));
      }),
      { numRuns: 30 },
    );
  });

  it("gives ids below the size of the vocabulary to any text", async () => {
    const tokenizer = createTokenizer(await train(texts));
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        for (const id of tokenizer.encode(text)) expect(id).toBeLessThan(tokenizer.vocabularySize);
      }),
    );
  });
});

describe("trainByteBpe", () => {
  it("makes a tokenizer that gives any text back", async () => {
    const tokenizer = createTokenizer(await trainByteBpe(texts, { vocabularySize: 300 }));
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed());
      }),
      { numRuns: 500 },
    );
  });

  it("refuses a vocabulary that cannot hold the bytes", async () => {
    await expect(trainByteBpe(texts, { vocabularySize: 256 })).rejects.toThrow(
      "trainByteBpe: vocabularySize must be at least 257 for 256 bytes and 1 special tokens, got 256. Set it higher.",
    );
  });

  it("puts no `__proto__` of a text in the place of the vocabulary's own", async () => {
    const files = await trainByteBpe(["__proto__ __proto__ __proto__"], { vocabularySize: 290 });

    const tokenizer = createTokenizer(JSON.parse(JSON.stringify(files)));

    expect(Array.from(tokenizer.encode("__proto__"), (id) => tokenizer.piece(id))).toEqual(["__", "proto", "__"]);
  });
});

describe("trainWordPiece", () => {
  it("leaves the rarest characters out above the limit, so that their words are unknown", async () => {
    const files = await trainWordPiece(["aab aab aac"], { vocabularySize: 50, limitAlphabet: 2 });
    const tokenizer = createTokenizer(files);

    expect(Array.from(tokenizer.encode("aab c"), (id) => tokenizer.piece(id))).toEqual(["aab", "[UNK]"]);
  });

  it("says how large the vocabulary must be", async () => {
    await expect(trainWordPiece(["ab ba c"], { vocabularySize: 9 })).rejects.toThrow(
      "trainWordPiece: vocabularySize must be at least 10 for 5 special tokens, 3 characters and 2 of them inside words, got 9.",
    );
  });

  it("has further special tokens after BERT's, and refuses one twice", async () => {
    const tokenizer = createTokenizer(await trainWordPiece(texts, { vocabularySize: 120, specialTokens: ["[NAME]"] }));

    expect(tokenizer.piece(5)).toBe("[NAME]");
    expect(tokenizer.isSpecial[5]).toBe(1);
    await expect(trainWordPiece(texts, { vocabularySize: 120, specialTokens: ["[CLS]"] })).rejects.toThrow(
      "special tokens must be different",
    );
  });

  it("reads texts as they come, tells how far it is, and stops when told", async () => {
    const stages: TrainerProgress["stage"][] = [];
    async function* streamed() {
      yield* texts;
    }
    const files = await trainWordPiece(streamed(), {
      vocabularySize: 120,
      onProgress: ({ stage }) => stages.push(stage),
    });

    expect(files).toEqual(await trainWordPiece(texts, { vocabularySize: 120 }));
    expect(stages).toEqual(["counting", "merging"]);
    await expect(trainWordPiece(texts, { vocabularySize: 120, signal: AbortSignal.abort() })).rejects.toThrow(
      "aborted",
    );
  });
});

describe("trainCharacters", () => {
  it("numbers characters as Python's sorted(set(text)) does", async () => {
    const files = await trainCharacters(["b a\n", "é𐐀ﬃ"]);
    const tokenizer = createTokenizer(files);

    const pieces = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.piece(id));

    expect(pieces).toEqual(["\n", " ", "a", "b", "é", "ﬃ", "𐐀"]); // by code point, not by UTF-16
    expect(tokenizer.decode(tokenizer.encode("a  b\n\n𐐀é"))).toBe("a  b\n\n𐐀é");
  });

  it("keeps the most frequent; others are unknown where there is a token for it, else left out", async () => {
    const kept = { vocabularySize: 3, specialTokens: ["[UNK]"] };
    const withUnknown = createTokenizer(await trainCharacters(["aaabbc"], kept));
    const without = createTokenizer(await trainCharacters(["aaabbc"], { vocabularySize: 2 }));

    expect(withUnknown.encode("abc")).toEqual(Int32Array.of(1, 2, 0));
    expect(without.encode("abc")).toEqual(Int32Array.of(0, 1));
  });

  it("refuses texts without a character", async () => {
    await expect(trainCharacters([""])).rejects.toThrow("trainCharacters: the texts must have characters");
  });
});
