import { describe, expect, it } from "vitest";
import { interval, realNumber, share, wholeNumber } from "./option-values.js";

describe("option values", () => {
  it("are numbers", () => {
    expect(wholeNumber()("12")).toBe(12);
    expect(realNumber()("-1e-3")).toBe(-0.001);
    expect(interval({ above: 0, to: 1 })("0.2,1")).toEqual([0.2, 1]);
  });

  it.each([
    ["0", wholeNumber(), "a whole number of at least 1"],
    ["1.5", wholeNumber(), "a whole number of at least 1"],
    ["", wholeNumber({ from: 0 }), "a whole number of at least 0"],
    ["12px", wholeNumber(), "a whole number"],
    ["9", wholeNumber({ to: 8 }), "from 1 to 8"],
    ["0", realNumber({ above: 0 }), "above 0"],
    ["NaN", realNumber(), "a number"],
    ["", realNumber(), "a number"],
    ["1.01", share, "from 0 to 1"],
    ["1", realNumber({ above: 0, below: 1 }), "a number above 0 and below 1"],
    ["1", realNumber({ from: 0, below: 1 }), "a number of at least 0 and below 1"],
    ["2", realNumber({ below: 2 }), "a number below 2"],
    ["0.5", interval({ above: 0, to: 1 }), "two numbers with a comma"],
    ["1,0.5", interval({ above: 0, to: 1 }), "must not be greater than the second"],
    ["0,0.5", interval({ above: 0, to: 1 }), "above 0, up to 1"],
  ])("refuse %j with what they accept", (text, parse, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
