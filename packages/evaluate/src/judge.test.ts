import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { accuracy, type ClassAnswer } from "./classes/accuracy.js";
import { judge } from "./judge.js";
import type { Metric } from "./metric.js";
import { eer } from "./pairs/eer.js";
import type { PairAnswer } from "./pairs/error-rates.js";
import type { Chosen } from "./protocol.js";
import { nats, type TokenAnswer, tokensRight } from "./tokens/token-metrics.js";

const random = createRandom(0);
const seeds = [0];

describe("judge", () => {
  it("gives one score a metric, in their order, over seeds", () => {
    const answers: TokenAnswer[] = [
      { nats: [1, 3], right: [1, 0], tokens: [1, 1] },
      { nats: [2, 4], right: [1, 1], tokens: [1, 1], chosen: { l2: 0.1 } },
    ];
    const [headline, right] = judge([nats, tokensRight], { given: undefined, answers }, { random, seeds: [7, 8] });
    expect(headline).toMatchObject({
      metric: { name: "nats", better: "lower", unit: "nats a token" },
      value: 2.5,
      values: [2, 3],
      seeds: [7, 8],
      chosen: [{}, { l2: 0.1 }],
      chance: null,
    });
    expect(headline.deviation).toBeCloseTo(Math.SQRT1_2, 12);
    expect(headline.interval![0]).toBe(1.5); // the first sequence twice: 1 and 2
    expect(right!.values).toEqual([0.5, 1]);
  });

  it("has no interval where examples are not told apart, or are of one group", () => {
    const answers: TokenAnswer[] = [{ nats: [40], right: [7], tokens: [10] }];
    expect(judge([nats], { given: undefined, answers }, { random, seeds })[0].interval).toBeNull();
    const two: TokenAnswer[] = [{ nats: [40, 3], right: [7, 1], tokens: [10, 2] }];
    const grouped = judge([nats], { given: undefined, answers: two }, { random, seeds, groups: ["a", "a"] });
    expect(grouped[0].interval).toBeNull();
  });

  it("draws whole groups, of metrics that are no means too", () => {
    const speakers = 12;
    const stream = createRandom(4);
    const groups = Array.from({ length: 10 * speakers }, (_, i) => Math.floor(i / 10));
    const isHard = Array.from({ length: speakers }, () => stream.chance(0.4)); // a speaker is told apart always or never
    const isSame = groups.map((_, i) => i % 2);
    const scores = groups.map((speaker, i) => (isHard[speaker] ? stream.normal() : 10 * isSame[i]! + stream.normal()));
    const widthOf = (options: { groups?: number[] }) => {
      const [{ interval }] = judge(
        [eer],
        { given: undefined, answers: [{ scores, isSame }] },
        { random, seeds, ...options },
      );
      return interval![1] - interval![0];
    };
    expect(widthOf({ groups })).toBeGreaterThan(1.5 * widthOf({}));
  });

  it("refuses seeds without answers, and answers to other examples", () => {
    const answer: TokenAnswer = { nats: [1], right: [1], tokens: [1] };
    expect(() => judge([nats], { given: undefined, answers: [answer] }, { random, seeds: [0, 1] })).toThrow(
      "2 seeds and 1",
    );
    const longer: TokenAnswer = { nats: [1, 1], right: [1, 1], tokens: [1, 1] };
    const answers = [answer, longer];
    expect(() => judge([nats], { given: undefined, answers }, { random, seeds: [0, 1] })).toThrow("got 1, 2 of them");
  });
});

/** How often the interval of a small sample holds what a very large one has: somewhat below 95 %, as percentile intervals of small samples are. */
describe("intervals hold the truth about as often as they say", () => {
  const coverage = <Answer extends Chosen, Given>(
    metric: Metric<Answer, Given>,
    given: Given,
    truth: number,
    sample: (seed: number) => Answer,
  ) => {
    let held = 0;
    for (let seed = 0; seed < 100; seed++) {
      const options = { random: createRandom(seed), seeds };
      const [{ interval }] = judge([metric], { given, answers: [sample(seed)] }, options);
      held += Number(interval![0] <= truth && truth <= interval![1]);
    }
    return held / 100;
  };
  const expectNear95 = (value: number) => {
    expect(value).toBeGreaterThan(0.87);
    expect(value).toBeLessThan(1);
  };

  it("of an accuracy of 0.7", () => {
    const labels = { train: { labels: Int32Array.of(0), classes: 2 }, test: { labels: Int32Array.of(0) } };
    const sample = (seed: number): ClassAnswer => {
      const stream = createRandom(1000 + seed);
      return { truth: new Int32Array(50), labels: Array.from({ length: 50 }, () => Number(!stream.chance(0.7))) };
    };
    expectNear95(coverage(accuracy, labels, 0.7, sample));
  });

  it("of nats a token, 2 in long sequences and 3 in short ones: 2.2 over all", () => {
    const sample = (seed: number): TokenAnswer => {
      const stream = createRandom(2000 + seed);
      const tokens = Array.from({ length: 40 }, () => (stream.chance(0.5) ? 40 : 10));
      const means = tokens.map((count) => (count === 40 ? 2 : 3) + stream.normal(0, 0.5));
      return { nats: tokens.map((count, i) => count * means[i]!), right: tokens, tokens };
    };
    expectNear95(coverage(nats, undefined, 2.2, sample));
  });

  it("of the EER of two normal distributions two deviations apart: Φ(−1) = 0.1587", () => {
    const sample = (seed: number): PairAnswer => {
      const stream = createRandom(3000 + seed);
      const isSame = Array.from({ length: 80 }, (_, i) => i % 2);
      return { isSame, scores: isSame.map((same) => 2 * same + stream.normal()) };
    };
    expectNear95(coverage(eer, undefined, 0.158655, sample));
  });
});
