import { describe, expect, it } from "vitest";
import { createTokenizer } from "./create-tokenizer.js";
import { type ResidueVocabularyOptions, residueVocabulary } from "./residue-vocabulary.js";

function piecesOf(options: ResidueVocabularyOptions, sequence: string): string[] {
  const tokenizer = createTokenizer(residueVocabulary(options));
  return Array.from(tokenizer.encode(sequence), (id) => tokenizer.piece(id));
}

describe("residueVocabulary", () => {
  it("cuts DNA into 6-mers from the left, and what does not fill one into nucleotides", () => {
    expect(piecesOf({ alphabet: "dna", kmer: 6 }, "GATTACAACGTACGTA")).toEqual([
      "GATTAC",
      "AACGTA",
      "C",
      "G",
      "T",
      "A",
    ]);
    expect(piecesOf({ alphabet: "dna", kmer: 6 }, "ACGNACGTACG")).toEqual(["A", "C", "G", "N", "ACGTAC", "G"]);
  });

  it("reads soft-masked letters and wrapped lines, and knows no other characters", () => {
    expect(piecesOf({ alphabet: "dna", kmer: 3 }, "acg\nTtt R!")).toEqual(["ACG", "TTT", "[UNK]", "[UNK]"]);
    expect(piecesOf({ alphabet: "protein" }, "MKX*-u 1")).toEqual(["M", "K", "X", "*", "-", "U", "[UNK]"]);
  });

  it("has five special tokens, the letters and all k-mers of the plain ones", () => {
    const size = (options: ResidueVocabularyOptions) => createTokenizer(residueVocabulary(options)).vocabularySize;

    expect(size({ alphabet: "dna" })).toBe(5 + 5);
    expect(size({ alphabet: "dna", kmer: 6 })).toBe(5 + 5 + 4 ** 6);
    expect(size({ alphabet: "protein" })).toBe(5 + 28);
    expect(size({ alphabet: "protein", kmer: 2 })).toBe(5 + 28 + 20 ** 2);
  });

  it("marks no residue as going on with the one before, and gives the sequence back", () => {
    const tokenizer = createTokenizer(residueVocabulary({ alphabet: "dna", kmer: 3 }));

    expect(tokenizer.continuesWord.some((flag) => flag !== 0)).toBe(false);
    expect(tokenizer.decode(tokenizer.encode("ACGTNAC"))).toBe("ACGTNAC");
  });

  it("refuses k-mers that are too many", () => {
    expect(() => residueVocabulary({ alphabet: "protein", kmer: 4 })).toThrow(
      "residueVocabulary: kmer must be a whole number from 1 to 3 for protein, got 4.",
    );
  });
});
