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
