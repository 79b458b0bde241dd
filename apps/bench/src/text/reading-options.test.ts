import { expect, it } from "vitest";
import { documentReadingOf, inFlags, tableReadingOf } from "./reading-options.js";

it("tells a library's options as the command takes them", () => {
  expect(inFlags('of another encoding it is told by { encoding: "latin1" } or the like')).toBe(
    "of another encoding it is told by --encoding latin1 or the like",
  );
  expect(inFlags("Set { header: true } or { header: false }.")).toBe("Set --header yes or --header no.");
  expect(inFlags('{ textColumn: "#1 String" }; { labelColumn: … }; { maxCorrupt: 22 }; { delimiter: ";" }')).toBe(
    '--text-column "#1 String"; --label-column …; --max-corrupt 22; --delimiter ";"',
  );
  expect(inFlags("got { a }")).toBe("got { a }");
});

it("takes what was typed, and nothing else", () => {
  const typed = { encoding: "latin1", header: "no", column: "body", steps: 3, delimiter: undefined };
  expect(documentReadingOf(typed)).toEqual({ encoding: "latin1" });
  expect(tableReadingOf(typed)).toEqual({ encoding: "latin1", header: false });
});
