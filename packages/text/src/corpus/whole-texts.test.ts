import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenDocuments } from "../testing/given-documents.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { longText, wholeTexts, wholeTextTokenizer } from "../testing/whole-texts.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { residueVocabulary } from "../tokenizer/residue-vocabulary.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { Corpus } from "./corpus.js";
import { encodeDocument } from "./encode-document.js";
import { tokenize } from "./tokenize.js";

const names = Object.keys(wholeTexts.tokenizers);
const here = useTemporaryFolder();

const digest = (ids: ArrayLike<number>) => createHash("sha256").update(Array.from(ids).join(",")).digest("hex");

/** The tokens of a document that comes in parts. */
function inParts(tokenizer: Tokenizer, parts: readonly string[]): { ids: number[]; starts: number[] } {
  const encoding = encodeDocument(tokenizer);
  const made = { ids: [] as number[], starts: [] as number[] };
  const take = (blocks: ReturnType<typeof encoding.end>) => {
    for (const { ids, starts } of blocks) {
      for (const start of starts) made.starts.push(made.ids.length + start);
      for (const id of ids) made.ids.push(id);
    }
  };
  for (const text of parts) take(encoding.add({ id: "a", text }));
  take(encoding.end());
  return made;
}

/** A text cut into parts of a length. */
const cut = (text: string, length: number) =>
  Array.from({ length: Math.ceil(text.length / length) }, (_, i) => text.slice(i * length, (i + 1) * length));

describe("a corpus has the tokens that Hugging Face's library gives each whole document", () => {
  it.each(names)("%s", async (name) => {
    const documents = Object.entries(wholeTexts.texts).map(([id, text]) => ({ id, text }));
    const options = { validationShare: 0 };
    const { train, validation } = await tokenize(
      givenDocuments(documents),
      wholeTextTokenizer(name),
      here.path(name),
      options,
    );
    expect(await tokensByDocument(train)).toEqual(Object.values(wholeTexts.tokenizers[name]!.ids));
    await Promise.all([train.close(), validation.close()]);
  });

  it.each(names)("also where one is longer than what is encoded at once, in parts: %s", (name) => {
    const { long } = wholeTexts.tokenizers[name]!;
    const { ids } = inParts(wholeTextTokenizer(name), cut(longText(), 100_003));
    expect(ids).toHaveLength(long.tokens);
    expect(digest(ids)).toBe(long.sha256);
  });
});

async function tokensByDocument({ sentenceStarts, documentStarts, read }: Corpus): Promise<number[][]> {
  const documents: number[][] = [];
  for (let d = 0; d + 1 < documentStarts.length; d += 1) {
    const [from, to] = [documentStarts[d]!, documentStarts[d + 1]!];
    documents.push([...(await read(sentenceStarts[from]!, sentenceStarts[to]!))]);
  }
  return documents;
}

describe("encodeDocument", () => {
  it("gives any text its tokens, and sentences their starts in order", () => {
    const units = [
      "It",
      "'s",
      "rain",
      "7",
      ".",
      "!",
      "?",
      ",",
      '"',
      "”",
      " ",
      "  ",
      "\n",
      "\n\n",
      "\t",
      "Mr",
      "🙂",
      "。",
      "你",
    ];
    const tokenizers = names.map((name) => wholeTextTokenizer(name));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units), { maxLength: 30 }), (drawn) => {
        const text = drawn.join("");
        for (const tokenizer of tokenizers) {
          const { ids, starts } = inParts(tokenizer, [text]);
          expect(ids).toEqual([...tokenizer.encode(text)]);
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
          expect(starts.every((start) => start <= ids.length)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keeps k residues a piece over the border of blocks, whatever their number", () => {
    const tokenizer = createTokenizer(residueVocabulary({ alphabet: "dna", kmer: 3 }));
    const text = "ACGTTGCAAGGCTNA".repeat(20_000).slice(0, 200_000);
    expect(inParts(tokenizer, cut(text, 70_001)).ids).toEqual([...tokenizer.encode(text)]);
  });

  it("by hand: sentences begin where they do in the text, also without white space between them", () => {
    const chinese = inParts(wholeTextTokenizer("word-piece"), ["你好。世界！是吗？"]);
    expect(chinese.starts).toEqual([0, 3, 6]); // a character is a token
    const english = wholeTextTokenizer("byte-level");
    const { ids, starts } = inParts(english, ["Does it? It does!\n\nNo."]);
    expect(starts.map((start) => english.decode(ids.slice(start)))).toEqual([
      "Does it? It does!\n\nNo.",
      " It does!\n\nNo.",
      "\n\nNo.",
    ]);
  });

  it("refuses a long text in which no place is safe, and names it", () => {
    // The n-th token tells how long the text is: nothing can be cut.
    const whole = {
      ...wholeTextTokenizer("byte-level"),
      encodeText: (text: string) => ({ ids: Int32Array.of(text.length, 1) }),
    };
    const encoding = encodeDocument(whole);
    const add = () => {
      for (let part = 0; part < 20; part += 1)
        for (const _ of encoding.add({ id: "big.txt", text: "a b ".repeat(2 ** 18) }));
    };
    expect(add).toThrow("tokenize: big.txt: a document of more than 16777216 characters must be encoded in parts");
  });
});
