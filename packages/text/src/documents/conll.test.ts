import { CorruptSampleError } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConllColumns, type LabelledSentence, parseConll } from "./conll.js";

const parsed = (text: string, told?: ConllColumns) =>
  parseConll(
    "a.conll",
    text.split("\n").map((line, place) => ({ number: place + 1, text: line })),
    told,
  );
const whole = (all: readonly (LabelledSentence | CorruptSampleError)[]) =>
  all.filter((one): one is LabelledSentence => !(one instanceof CorruptSampleError));

describe("parseConll", () => {
  it("reads CoNLL-2003's four columns: words, labels, documents", () => {
    const text =
      "-DOCSTART- -X- O O\n\nEU NNP I-NP B-ORG\nrejects VBZ I-VP O\n\n-DOCSTART- -X- O O\n\nRome NNP I-NP B-LOC\n";
    expect(parsed(text)).toEqual({
      sentences: [
        { id: "a.conll:3", words: ["EU", "rejects"], labels: ["B-ORG", "O"], document: "a.conll, document 1" },
        { id: "a.conll:8", words: ["Rome"], labels: ["B-LOC"], document: "a.conll, document 2" },
      ],
      columns: { count: 4, text: 1, label: 4 },
      isTabbed: false,
      passed: { docstarts: 2, comments: 0, joined: 0 },
    });
    expect(whole(parsed(text, { labelColumn: "2" }).sentences)[0]!.labels).toEqual(["NNP", "VBZ"]);
  });

  it("reads CoNLL-U: comments and joined words are passed over, the word is the second column", () => {
    const text =
      "# text = vámonos al mar\n1-2\tvámonos\t_\n1\tvamos\tVERB\n2\tnos\tPRON\n2.1\t\t_\n\n1\tNew York\tPROPN\n";
    const { sentences, columns, passed, isTabbed } = parsed(text);
    expect(whole(sentences).map(({ words, labels }) => [words, labels])).toEqual([
      [
        ["vamos", "nos"],
        ["VERB", "PRON"],
      ],
      [["New York"], ["PROPN"]],
    ]);
    expect([columns, passed, isTabbed]).toEqual([
      { count: 3, text: 2, label: 3 },
      { docstarts: 0, comments: 1, joined: 2 },
      true,
    ]);
  });

  it("reads a sign # as the word it is, and hard spaces as part of a word", () => {
    const { sentences, passed } = parsed("1\u00a0000 B-N\n# O\nx O\n");
    expect(whole(sentences)[0]!.words).toEqual(["1\u00a0000", "#", "x"]);
    expect(passed.comments).toBe(0);
  });

  it("names a broken line, passes over its sentence alone, and goes on behind it", () => {
    const { sentences } = parsed("a O\nb\nc O\n\nd O\n\ne\tO x y\n");
    const [first, second, third] = sentences;
    expect(first).toMatchObject({ id: "a.conll:2", reason: "the line must have 2 columns as line 1 has, got 1" });
    expect(second).toMatchObject({ id: "a.conll:5", words: ["d"] });
    expect(third).toMatchObject({ id: "a.conll:7" });
    const [empty] = parsed("a\tO\n\tO\n").sentences;
    expect(empty).toMatchObject({ id: "a.conll:2", reason: "column 1 must hold a word, got nothing" });
  });

  it("says which columns there are", () => {
    expect(() => parsed("a\nb\n")).toThrow("its lines have one column");
    expect(() => parsed("a O\n", { labelColumn: "3" })).toThrow(
      "must have a column 3, and its lines have 2 without names",
    );
    expect(() => parsed("a O\n", { textColumn: "2" })).toThrow("both are column 2");
    expect(() => parsed("\n\n")).toThrow("must hold words with labels");
    expect(parsed("a\nb\n", { mayLackLabels: true }).sentences).toMatchObject([{ words: ["a", "b"], labels: [] }]);
  });

  const word = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 5 })
    .filter((text) => /^[^\s#-][^\s]*$/u.test(text));
  const sentence = fc.array(fc.tuple(word, fc.constantFrom("O", "B-PER", "I-PER")), { minLength: 1, maxLength: 5 });

  it.each(["\t", " "])("gives back what was written with %j between the columns", (between) => {
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 6 }), fc.nat(2), (wanted, gap) => {
        const lines = wanted.map((tokens) => tokens.map((token) => token.join(between)).join("\n"));
        const { sentences } = parsed(lines.join("\n".repeat(2 + gap)));
        expect(whole(sentences).map(({ words, labels }) => words.map((one, place) => [one, labels[place]]))).toEqual(
          wanted,
        );
      }),
    );
  });

  it("of any lines keeps as many labels as words, and loses no line without saying so", () => {
    const line = fc.constantFrom("", "a O", "b B-X", "a", "# c d", "-DOCSTART- O", "x y z", "\ta", " ");
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        let found: ReturnType<typeof parsed>;
        try {
          found = parsed(lines.join("\n"));
        } catch (error) {
          expect((error as Error).message).toMatch(/^a\.conll must /);
          return;
        }
        const { sentences, passed } = found;
        for (const { words, labels } of whole(sentences)) expect(labels).toHaveLength(words.length);
        const kept = whole(sentences).reduce((sum, { words }) => sum + words.length, 0);
        const written = lines.filter((text) => text.trim() !== "").length;
        const isBroken = sentences.some((one) => one instanceof CorruptSampleError);
        const told = kept + passed.docstarts + passed.comments + passed.joined;
        if (isBroken) expect(told).toBeLessThan(written);
        else expect(told).toBe(written);
      }),
    );
  });
});
