import { expect, it } from "vitest";
import { table } from "./table.js";

it("stands names to the left and numbers to the right, under their heads", () => {
  expect(
    table(
      ["who", "score"],
      [
        ["pixels", "9.5"],
        ["me", "100"],
      ],
    ),
  ).toBe(["who     score", "──────  ─────", "pixels    9.5", "me        100"].join("\n"));
});

it("is not pushed apart by colours", () => {
  const colored = "\u001b[32mab\u001b[39m";
  expect(table(["a", "b"], [[colored, "1"]]).split("\n")[2]).toBe(`${colored}  1`);
});
