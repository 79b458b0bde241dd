import { expect, test } from "vitest";
import { cargoCounts, conformanceCounts, sum, totalsLine, vitestCounts } from "./totals.mjs";

const vitestReport = (numPassedTests: number, numFailedTests: number, files: object[] = []) =>
  JSON.stringify({ numPassedTests, numFailedTests, testResults: files });

test("adds passed and failed tests of every part", () => {
  const parts = [vitestCounts(vitestReport(5, 2), 1), conformanceCounts('{"passed":4200,"failed":1,"skipped":5}', 1)];
  expect(totalsLine(sum(parts))).toBe("4205 passed, 3 failed");
});

test("a test file that does not load counts as a failure", () => {
  const file = { status: "failed", assertionResults: [] };
  expect(vitestCounts(vitestReport(5, 0, [file]), 1)).toEqual({ passed: 5, failed: 1 });
});

test("a part that ends badly without a failed test counts as a failure", () => {
  expect(vitestCounts(vitestReport(5, 0), 1)).toEqual({ passed: 5, failed: 1 });
  expect(vitestCounts(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  expect(conformanceCounts(undefined, 139)).toEqual({ passed: 0, failed: 1 });
  expect(cargoCounts("error: could not compile", 101)).toEqual({ passed: 0, failed: 1 });
});

test("reads every result line of cargo test", () => {
  const text = [
    "running 3 tests",
    "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
    "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
  ].join("\n");
  expect(cargoCounts(text, 101)).toEqual({ passed: 4, failed: 2 });
});
