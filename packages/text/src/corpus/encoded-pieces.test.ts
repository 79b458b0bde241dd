import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { trainByteBpe } from "../tokenizer/train-byte-bpe.js";
import { trainWordPiece } from "../tokenizer/train-wordpiece.js";
import { encodedPieces } from "./tokenize.js";

const sample =
  "It rains. Does it rain? She said: “It's raining!” Mr. Smith's 3.5 dollars,\nand so on.\n\nThe end.  ".repeat(20);
const tokenizers: Record<string, Tokenizer> = {};

beforeAll(async () => {
  const texts = (async function* () {
    yield sample;
  })();
  tokenizers["byte-level BPE"] = createTokenizer(await trainByteBpe(texts, { vocabularySize: 400 }));
  const again = (async function* () {
    yield sample;
  })();
  tokenizers.WordPiece = createTokenizer(await trainWordPiece(again, { vocabularySize: 120 }));
});

/** Their tokens go over the border of a sentence nowhere. */
test.each(["byte-level BPE", "WordPiece"])(
  "%s: sentences encoded one by one give the tokens of the whole text",
  (name) => {
    const { encode } = tokenizers[name]!;
    const expectSame = (text: string): void => {
      expect([...encodedPieces(text)].flatMap((piece) => [...encode(piece)])).toEqual([...encode(text)]);
    };
    expectSame(sample);
    const units = ["It", "'s", "rain", "7", ".", "!", "?", ",", '"', "”", " ", "  ", "\n", "\n\n", "\t", "Mr", "🙂"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units), { maxLength: 30 }), (drawn) => expectSame(drawn.join(""))),
      { numRuns: 300 },
    );
  },
);
