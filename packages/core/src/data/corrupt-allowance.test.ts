import { expect, test } from "vitest";
import { corruptAllowance } from "./corrupt-allowance.js";

test.each([
  [0, 0],
  [1, 0],
  [2, 1],
  [13, 6],
  [20, 10],
  [60, 10],
  [1000, 10],
  [1100, 11],
  [50_000, 500],
])("of %i examples %i may be broken: the greater of 1 %% and 10, at most half", (examples, allowed) => {
  expect(corruptAllowance({ examples })).toBe(allowed);
});

test("a share or a count that is told", () => {
  expect(corruptAllowance({ examples: 100, maxCorrupt: 0 })).toBe(0);
  expect(corruptAllowance({ examples: 100, maxCorrupt: 0.25 })).toBe(25);
  expect(corruptAllowance({ examples: 3, maxCorrupt: 0.9 })).toBe(2);
  expect(corruptAllowance({ examples: 100, maxCorrupt: 1 })).toBe(1);
  expect(corruptAllowance({ examples: 4, maxCorrupt: 200 })).toBe(200);
  for (const maxCorrupt of [-1, Number.NaN])
    expect(() => corruptAllowance({ examples: 4, maxCorrupt })).toThrow("a share below 1 or a count");
});
