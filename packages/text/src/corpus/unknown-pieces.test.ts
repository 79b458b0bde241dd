import { expect, it } from "vitest";
import type { Documents } from "../documents/documents.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { residueVocabulary } from "../tokenizer/residue-vocabulary.js";
import { warningOfUnknown, warningOfUnknownIn } from "./unknown-pieces.js";

const tokenizer = { special: { unknown: 1 }, piece: () => "[UNK]" };

function corpusOf(ids: readonly number[]) {
  return { tokens: ids.length, read: async (from: number, to: number) => Int32Array.from(ids.slice(from, to)) };
}

it("above a fifth of unknown pieces their share is told, and what to type", async () => {
  const mixed = (unknown: number) => corpusOf(Array.from({ length: 100 }, (_, n) => (n < unknown ? 1 : 2)));
  expect(await warningOfUnknown(mixed(83), tokenizer, "--tokenizer")).toBe(
    "warning: 83 % of the text's pieces are [UNK], unknown to this tokenizer: nothing is learned of them. Take another: --tokenizer.",
  );
  expect(await warningOfUnknown(mixed(20), tokenizer, "--tokenizer")).toBeUndefined();
  expect(await warningOfUnknown(mixed(83), { ...tokenizer, special: {} }, "--tokenizer")).toBeUndefined();
  expect(await warningOfUnknown(corpusOf([1, 1, 1]), tokenizer, "--tokenizer")).toContain("100 %");
});

it("of a long text stretches are looked at, from its begin to its end", async () => {
  const ids = Array.from({ length: 1_000_000 }, (_, n) => (n < 500_000 ? 2 : 1));
  expect(await warningOfUnknown(corpusOf(ids), tokenizer, "--tokenizer")).toContain("50 %");
});

it("proteins in letters of DNA", async () => {
  const dna = createTokenizer(residueVocabulary({ alphabet: "dna" }));
  const given = (text: string): Documents => ({
    bytes: text.length,
    fingerprint: async () => "sha256:given",
    async *[Symbol.asyncIterator]() {
      yield { id: "a", text };
    },
  });
  expect(await warningOfUnknownIn(given("MKWVTFISLLFLFSSAYSRGVFRRDAHKSEVAHRFKDLGE"), dna, "--kind")).toContain(
    "--kind",
  );
  expect(await warningOfUnknownIn(given("ACGTACGTTTGACANNACGT"), dna, "--kind")).toBeUndefined();
});
