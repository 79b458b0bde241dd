import { createRandom } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../judge.js";
import { oracle } from "../testing/oracle.js";
import { bleu } from "./bleu.js";
import { chrf } from "./chrf.js";
import { tokens13a } from "./tokenize-13a.js";

interface SacrebleuCase {
  readonly name: string;
  readonly found: string[];
  readonly right: string[];
  readonly bleu: number;
  readonly chrf: number;
  readonly sentenceBleu: number[];
  readonly sentenceChrf: number[];
}

/** From sacrebleu: tools/oracles/translation_and_entity_oracles.py */
const { cases, tokens } = oracle<{ cases: SacrebleuCase[]; tokens: [string, string[]][] }>("translations");

describe("tokens13a", () => {
  it("are sacrebleu's, of many scripts and of all white space", () => {
    for (const [line, expected] of tokens) expect(tokens13a(line)).toEqual(expected);
  });

  it("of a cut text are those of a piece less, whatever stands in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(tokens13a(text).join("")).not.toMatch(/[ \t\n]/);
        expect(tokens13a(`${text} `)).toEqual(tokens13a(text));
      }),
    );
  });
});

describe("bleu and chrf", () => {
  it("by hand: 3 of 4 words, 1 of 3 pairs, no longer run, and two words too few", () => {
    const answer = { found: ["a b x c"], right: ["a b y c d e"] };
    const logs = [3 / 4, 1 / 3, 1 / (2 * 2), 1 / (4 * 1)].map(Math.log);
    const expected = Math.exp(1 - 6 / 4) * Math.exp(logs.reduce((sum, log) => sum + log) / 4);
    expect(bleu.overall(answer)).toBeCloseTo(expected, 12);
    // characters abxc of abycde: 3 of 4 and of 6 alone, 1 of 3 and of 5 in pairs, 0 of 2 and 4, 0 of 1 and 3; longer ones it has not
    const [p, r] = [(3 / 4 + 1 / 3) / 4, (3 / 6 + 1 / 5) / 4];
    expect(chrf.overall(answer)).toBeCloseTo((5 * p * r) / (4 * p + r), 12);
  });

  it.each(cases)("are sacrebleu's: $name", (expected) => {
    expect(100 * bleu.overall(expected)).toBeCloseTo(expected.bleu, 9);
    expect(100 * chrf.overall(expected)).toBeCloseTo(expected.chrf, 9);
    for (const [metric, each] of [
      [bleu, expected.sentenceBleu],
      [chrf, expected.sentenceChrf],
    ] as const) {
      metric.perExample(expected).forEach((score, sentence) => {
        expect(100 * score).toBeCloseTo(each[sentence]!, 9);
      });
    }
  });

  it("of a draw of sentences are those of a corpus that has them so often", () => {
    const { found, right } = cases[0]!;
    const counts = found.map((_, sentence) => sentence % 3);
    const drawn = (texts: readonly string[]) => texts.flatMap((text, i) => new Array<string>(counts[i]!).fill(text));
    for (const metric of [bleu, chrf]) {
      const ofDraw = metric.resampled!({ found, right })(Float64Array.from(counts));
      expect(ofDraw).toBeCloseTo(metric.overall({ found: drawn(found), right: drawn(right) }), 12);
    }
  });

  it("are shares with an interval that holds them; all right is 1 and no more", () => {
    const { found, right } = cases.at(-1)!;
    for (const answer of [
      { found, right },
      { found: right, right },
    ]) {
      const told = { random: createRandom(0), seeds: [0] };
      const scores = judge([bleu, chrf], { given: undefined, answers: [answer] }, told);
      for (const { value, interval } of scores) {
        expect(value).toBeLessThanOrEqual(1);
        if (interval !== null) expect(interval[0] <= value && value <= interval[1]).toBe(true);
      }
    }
  });

  it("refuse translations of other sentences", () => {
    expect(() => bleu.overall({ found: ["a"], right: [] })).toThrow("got 0 sentences and 1 translations");
  });
});
