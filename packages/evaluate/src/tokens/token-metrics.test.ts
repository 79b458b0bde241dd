import { describe, expect, it } from "vitest";
import { bitsPerByte, nats, pairsRight, tokensRight } from "./token-metrics.js";

// two sequences: 3 tokens at ln 2 nats, of which 2 right; 1 token at ln 16, wrong
const answer = { nats: [3 * Math.LN2, 4 * Math.LN2], right: [2, 0], tokens: [3, 1] };

describe("metrics of predicted tokens", () => {
  it("weigh sequences by their tokens: 7 ln 2 over 4", () => {
    expect(nats.overall(answer)).toBeCloseTo((7 / 4) * Math.LN2, 12);
    expect([...nats.perExample(answer)]).toEqual([Math.LN2, 4 * Math.LN2]);
    expect(tokensRight.overall(answer)).toBe(2 / 4);
    expect(bitsPerByte(3.5).overall(answer)).toBeCloseTo(7 / 4 / 3.5, 12);
  });

  it("are told of a draw: the first sequence twice, the second not", () => {
    expect(nats.resampled!(answer)(Float64Array.of(2, 0))).toBeCloseTo(Math.LN2, 12);
  });

  it("tell pairs beside the commoner relation", () => {
    const pairs = { right: [1, 0, 1], pairs: [1, 1, 1], share: 1 / 3 };
    expect(pairsRight.overall(pairs)).toBeCloseTo(2 / 3, 12);
    expect(pairsRight.chance(pairs)).toBeCloseTo(2 / 3, 12);
  });

  it("refuse bytes that are none", () => {
    expect(() => bitsPerByte(0)).toThrow("must be above 0, got 0");
  });
});
