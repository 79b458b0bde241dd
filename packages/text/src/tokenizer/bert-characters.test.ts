import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bertCharacters, CHINESE, CONTROL, NONSPACING_MARK, PUNCTUATION, SPACE } from "./bert-characters.js";

describe("bertCharacters", () => {
  const file = new URL("../oracles/tokenizer-characters.json", import.meta.url);
  const expected = JSON.parse(readFileSync(file, "utf8")) as Record<string, [number, number][]>;

  it.each([
    ["control", CONTROL],
    ["space", SPACE],
    ["punctuation", PUNCTUATION],
    ["nonspacingMark", NONSPACING_MARK],
    ["chinese", CHINESE],
  ])("takes the same code points for %s as the Rust library", (name, kind) => {
    const ranges: [number, number][] = [];
    bertCharacters().forEach((classes, code) => {
      if (!(classes & kind)) return;
      if (ranges.at(-1)?.[1] === code - 1) ranges.at(-1)![1] = code;
      else ranges.push([code, code]);
    });

    expect(ranges).toEqual(expected[name]);
  });
});
