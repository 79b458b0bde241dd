import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBounded, ROW_BOUNDS } from "./bounded-json.js";

test("depth and values are counted before anything is parsed, whatever stands in strings", () => {
  const bounds = { depth: 2, values: 4 };
  expect(parseBounded('{"a":["[[[{{{,,,,,\\"[[",1]}', bounds)).toEqual({ a: ['[[[{{{,,,,,"[[', 1] });
  expect(() => parseBounded("[[[", bounds)).toThrow("at most 2 lists and objects may stand in one another");
  expect(() => parseBounded("[1,2,3,4]", bounds)).toThrow("at most 4 values are read at once");
  expect(() => parseBounded(`${"[".repeat(201)}`, ROW_BOUNDS)).toThrow("at most 200 lists");
  expect(() => parseBounded('{"a', ROW_BOUNDS)).toThrow(SyntaxError);
});

test("what is within the bounds is what JSON.parse gives", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      expect(parseBounded(text, ROW_BOUNDS)).toEqual(JSON.parse(text));
    }),
    { numRuns: 300 },
  );
});
