import { expect, it } from "vitest";
import { placeWords } from "./place-words.js";

const places = (words: Parameters<typeof placeWords>[0]) =>
  placeWords(words, 300).map(({ text, anchor }) => [text, anchor]);

it("puts a name right of its point, near the edge left of it", () => {
  expect(
    places([
      { text: "vit", x: 20, y: 10 },
      { text: "resnet", x: 290, y: 10 },
    ]),
  ).toEqual([
    ["vit", "start"],
    ["resnet", "end"],
  ]);
});

it("leaves out what would touch, and what finds no room", () => {
  expect(
    places([
      { text: "first", x: 20, y: 10 },
      { text: "second", x: 30, y: 14 },
      { text: "third", x: 20, y: 60 },
      { text: "x".repeat(80), x: 20, y: 120 },
    ]).map(([text]) => text),
  ).toEqual(["first", "third"]);
});
