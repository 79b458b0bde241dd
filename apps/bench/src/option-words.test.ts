import { expect, test } from "vitest";
import { inFlags, toldInFlags } from "./option-words.js";

test("an option of a package is told as the command takes it", async () => {
  expect(inFlags('Choose { layout: "parts" } or { maxCorrupt: 0.5 }.')).toBe(
    "Choose --layout parts or --max-corrupt 0.5.",
  );
  expect(inFlags("{ other }, {}")).toBe("{ other }, {}");
  await expect(toldInFlags(Promise.reject(new Error('{ layout: "classes" }')))).rejects.toThrow("--layout classes");
  expect(await toldInFlags(Promise.resolve(3))).toBe(3);
});

test("values are quoted where a shell needs it, and truth is yes or no: options as the command takes them", () => {
  expect(inFlags('of another encoding it is told by { encoding: "latin1" } or the like')).toBe(
    "of another encoding it is told by --encoding latin1 or the like",
  );
  expect(inFlags("Set { header: true } or { header: false }.")).toBe("Set --header yes or --header no.");
  expect(inFlags('{ textColumn: "#1 String" }; { labelColumn: … }; { maxCorrupt: 22 }; { delimiter: ";" }')).toBe(
    '--text-column "#1 String"; --label-column …; --max-corrupt 22; --delimiter ";"',
  );
  expect(inFlags("got { a }")).toBe("got { a }");
});
