import { expect, it } from "vitest";
import { secondsLeft } from "./progress.js";

it("goes on as it went: 10 steps in 5 s, 80 to go", () => {
  expect(secondsLeft({ step: 10, atMs: 1000 }, { step: 20, atMs: 6000 }, 100)).toBe(40);
});

it("tells nothing while no step was seen, or the end is not known", () => {
  expect(secondsLeft(null, { step: 1, atMs: 0 }, 9)).toBeNull();
  expect(secondsLeft({ step: 5, atMs: 0 }, { step: 5, atMs: 9000 }, 9)).toBeNull();
  expect(secondsLeft({ step: 1, atMs: 0 }, { step: 5, atMs: 9000 }, null)).toBeNull();
  expect(secondsLeft({ step: 1, atMs: 0 }, { step: 12, atMs: 9000 }, 10)).toBe(0);
});
