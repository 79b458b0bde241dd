import { expect, test } from "vitest";
import { blocksOf, shortened } from "./blocks.js";

test("finds the blocks fenced as ts, and where they stand", () => {
  const markdown = "# Title\n```ts\na();\nb();\n```\n```sh\nnpm test\n```\n```ts\nc();\n```\n";
  expect(blocksOf(markdown)).toEqual([
    { line: 3, code: "a();\nb();" },
    { line: 10, code: "c();" },
  ]);
});

test("refuses a block without an end", () => {
  expect(() => blocksOf("```ts\na();")).toThrow("begins in line 2");
});

test("lowers numbers, each of which must be there once", () => {
  expect(shortened("steps: 1000", [["1000", "2"]])).toBe("steps: 2");
  expect(() => shortened("steps: 1000", [["2000", "2"]])).toThrow("stands 0 times");
  expect(() => shortened("1 + 1", [["1", "2"]])).toThrow("stands 2 times");
});
