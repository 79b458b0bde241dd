import { expect, it } from "vitest";
import { budgetText, parseBudget } from "./budget.js";

it("reads times with their units", () => {
  expect(["90s", "20m", "2h", "1h30m", "0.5m"].map(parseBudget)).toEqual([90, 1200, 7200, 5400, 30]);
  for (const wrong of ["", "20", "0s", "m", "20 min", "-5m"]) expect(() => parseBudget(wrong)).toThrow("90s, 20m, 2h");
});

it("writes what it reads", () => {
  expect([90, 1200, 7200, 61.2].map(budgetText)).toEqual(["90s", "20m", "2h", "62s"]);
});
