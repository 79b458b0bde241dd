import { expect, it } from "vitest";
import { documentReadingOf, tableReadingOf } from "./reading-options.js";

it("takes what was typed, and nothing else", () => {
  const typed = { encoding: "latin1", header: "no", column: "body", steps: 3, delimiter: undefined };
  expect(documentReadingOf(typed)).toEqual({ encoding: "latin1", header: false });
  expect(tableReadingOf(typed)).toEqual({ encoding: "latin1", header: false });
});
