import { expect, it } from "vitest";
import { isCollapsed } from "./collapse-watch.js";

it.each([
  [{ effectiveRank: 40, embeddingStandardDeviation: 0.1 }, false], // of 64 features; 0.125 fills the sphere
  [{ effectiveRank: 8, embeddingStandardDeviation: 0.012 }, false], // a random init
  [{ effectiveRank: 1.1, embeddingStandardDeviation: 0.1 }, true], // one direction
  [{ effectiveRank: 8, embeddingStandardDeviation: 0.001 }, true], // one point
])("%j: collapsed %j", (spread, expected) => {
  expect(isCollapsed(spread, 64)).toBe(expected);
});
