import { expect, it } from "vitest";
import { looksOf } from "./label-looks.js";

it("gives the most frequent the first looks", () => {
  expect(looksOf(["b", "a", "b", "c", "a", "b"])).toEqual([
    { label: "b", count: 3, colour: 0, shape: "disk" },
    { label: "a", count: 2, colour: 1, shape: "disk" },
    { label: "c", count: 1, colour: 2, shape: "disk" },
  ]);
});

it("tells the ninth from the first by its shape", () => {
  const looks = looksOf("abcdefghij".split(""));
  expect(looks[8]).toMatchObject({ label: "i", colour: 0, shape: "square" });
});
