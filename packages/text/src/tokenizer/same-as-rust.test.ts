/**
 * Vocabularies and ids of Hugging Face's Rust library, written by tools/oracles/tokenizer_oracles.py.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { madeStrings, type StringRecipe } from "../testing/made-strings.js";
import { createTokenizer } from "./create-tokenizer.js";
import { residueVocabulary } from "./residue-vocabulary.js";
import type { TokenizerFiles } from "./tokenizer.js";
import { trainByteBpe } from "./train-byte-bpe.js";
import { trainCharacters } from "./train-characters.js";
import { BERT_SPECIAL_TOKENS, trainWordPiece } from "./train-wordpiece.js";

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../oracles/tokenizer-${name}.json`, import.meta.url), "utf8"));

const texts = read<string[]>("corpus");
const expected = read<Record<string, object>>("files");
const hashes = read<Record<string, string>>("ids");
const strings = [...madeStrings(read<StringRecipe>("strings"))];

const made: Record<string, () => TokenizerFiles | Promise<TokenizerFiles>> = {
  wordpiece: () => trainWordPiece(texts, { vocabularySize: 700 }),
  wordpieceCased: () => trainWordPiece(texts, { vocabularySize: 700, lowercase: false }),
  byteBpe: () => trainByteBpe(texts, { vocabularySize: 800 }),
  byteBpePrefixed: () => trainByteBpe(texts, { vocabularySize: 500, addPrefixSpace: true }),
  characters: () => trainCharacters(texts),
  charactersMasked: () => trainCharacters(texts, { specialTokens: BERT_SPECIAL_TOKENS }),
  protein: () => residueVocabulary({ alphabet: "protein" }),
  dna3: () => residueVocabulary({ alphabet: "dna", kmer: 3 }),
};

/** A Unigram model with ALBERT's stages, for which there is no trainer here. */
const foreign = ["unigram"];

/** A combining mark since Unicode 11: StripAccents of the JavaScript library takes it away, the Rust library's older table has it not. */
const NEW_MARK = "\u{11D8B}";

describe("the Rust library", () => {
  it.each(Object.keys(made))("writes the same tokenizer.json after the same training: %s", async (name) => {
    const files = await made[name]!();

    expect(files["tokenizer.json"]).toEqual(expected[name]);
  });

  it.each([...Object.keys(made), ...foreign])(
    "gives 10,000 strings the same ids, and the ids the same text: %s",
    async (name) => {
      const tokenizer = createTokenizer(
        (await made[name]?.()) ?? {
          "tokenizer.json": expected[name]!,
          "tokenizer_config.json": { unk_token: "<unk>" },
        },
      );

      const different = strings.filter((text, i) => {
        const ids = tokenizer.encode(text);
        const digest = createHash("sha256").update(`${ids.join(",")}|${tokenizer.decode(ids)}`);
        return digest.digest("base64").slice(0, 3) !== hashes[name]!.slice(3 * i, 3 * i + 3);
      });

      expect(strings).toHaveLength(10_000);
      expect(different.filter((text) => name !== "unigram" || !text.includes(NEW_MARK))).toEqual([]);
    },
  );
});
