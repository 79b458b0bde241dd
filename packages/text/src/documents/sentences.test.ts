import fc from "fast-check";
import { expect, test } from "vitest";
import { SENTENCE_ENDS, splitSentences } from "./sentences.js";

test("a sentence keeps the white space behind it", () => {
  expect(splitSentences("It rains. Does it?  Yes! So\tbe it.\n")).toEqual([
    "It rains. ",
    "Does it?  ",
    "Yes! ",
    "So\tbe it.\n",
  ]);
});

test.each([
  ["titles and initials", ["Mr. Smith met Dr. J. R. Watson. ", "They talked."]],
  ["Latin and numbers", ["See e.g. Fig. 3, No. 5 and 3.5 dollars. ", "Then stop."]],
  ["names with stops", ["The U.S. Army left. ", "He is in the U.S. ", "The end."]],
  ["the word I", ["So do I. ", "You too."]],
  ["quotes", ['"Go!" he said. ', '"Why?" ', "She left. ", "“It is over.” ", "He sat."]],
  ["ellipsis", ["Well… no. ", "Yes."]],
  ["other scripts", ["你好。", "再见！", "Конец. ", "Начало."]],
])("%s", (_, sentences) => {
  expect(splitSentences(sentences.join(""))).toEqual(sentences);
});

test("a line ends a sentence, unless it was only wrapped; a blank line always does", () => {
  expect(splitSentences("ROMEO:\nO, she doth teach\nThe torches\nto burn.\nYes\n\nno")).toEqual([
    "ROMEO:\n",
    "O, she doth teach\n",
    "The torches\nto burn.\n",
    "Yes\n\n",
    "no",
  ]);
  expect(splitSentences("A title\n\n\nText.\r\nMore")).toEqual(["A title\n\n\n", "Text.\r\n", "More"]);
});

test("what SENTENCE_ENDS says is so", () => {
  expect(SENTENCE_ENDS).toMatch(/! or \?, .* full stop before a capital .* blank line, .* line's end, unless/);
  expect(splitSentences("it rains! it pours? it ends")).toEqual(["it rains! ", "it pours? ", "it ends"]);
  expect(splitSentences("it rains. it pours. It ends")).toEqual(["it rains. it pours. ", "It ends"]);
  expect(splitSentences("it rains.\nit pours\nand ends\n\nor not\nIt ends")).toEqual([
    "it rains.\n",
    "it pours\nand ends\n\n",
    "or not\n",
    "It ends",
  ]);
});

test("white space alone belongs to a sentence", () => {
  expect(splitSentences("")).toEqual([]);
  expect(splitSentences(" \n ")).toEqual([" \n "]);
  expect(splitSentences("\n\nA.\n\n \n")).toEqual(["\n\nA.\n\n \n"]);
});

test("long lines are cut like short ones, in time that grows with their length", () => {
  const sentence = "Of the people, by the people, for the people 1863. ";
  expect(splitSentences(sentence.repeat(20_000))).toEqual(Array.from({ length: 20_000 }, () => sentence));
  const endless = `${"word ".repeat(10_000)}. `;
  expect(splitSentences(endless + sentence)).toEqual([endless, sentence]);
}, 30_000);

test("joined they give the text, and none is empty or white space between others", () => {
  const piece = fc.constantFrom(
    "A",
    "b",
    "Mr",
    "U.S.",
    ".",
    "!",
    "?",
    "…",
    '"',
    "”",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "。",
    "🙂",
    "7",
    "\u2028",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(text, (text) => {
      const sentences = splitSentences(text);
      expect(sentences.join("")).toBe(text);
      if (/\S/.test(text)) for (const sentence of sentences) expect(sentence).toMatch(/\S/);
    }),
    { numRuns: 2000 },
  );
});
