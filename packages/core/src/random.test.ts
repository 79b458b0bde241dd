import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, type Random, restoreRandom } from "./random.js";

const words = (random: Random, n: number) => Array.from({ length: n }, () => random.integer(2 ** 32));

// Expected values: the Rust crate rand_xoshiro 0.7 (Xoshiro128StarStar), from_seed and seed_from_u64.
test("the published algorithm's numbers from state 1, 2, 3, 4", () => {
  const random = restoreRandom({ algorithm: "xoshiro128**", words: [1, 2, 3, 4, 1, 2, 3, 4] });
  expect(words(random, 10)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

test.each([
  [0, [3737715805, 2584255861, 2876756834, 3286328325, 1553311962, 1625202774]],
  [42, [1776835114, 4165204688, 17111135, 2317295270, 2792088233, 2554630222]],
  [2 ** 53 - 1, [1233166643, 1287031142, 661813442, 2960669951, 2601079046, 1036114921]],
])("seed %i is spread by splitmix64", (seed, expected) => {
  expect(words(createRandom(seed), 6)).toEqual(expected);
});

test("a saved stream continues bit for bit, through JSON, whatever was drawn", () => {
  const draws: ((random: Random) => unknown)[] = [
    (random) => random.uniform(),
    (random) => random.normal(),
    (random) => random.integer(7),
    (random) => random.chance(0.3),
    (random) => [...random.permutation(5)],
    (random) => [...random.normals(3)],
    (random) => [...random.uniforms(2, -1, 1)],
    (random) => random.split("child").uniform(),
  ];
  const plan = fc.array(fc.integer({ min: 0, max: draws.length - 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.maxSafeInteger(), plan, plan, (seed, before, after) => {
      const random = createRandom(seed);
      for (const draw of before) draws[draw]!(random);
      const copy = restoreRandom(JSON.parse(JSON.stringify(random.state())));
      expect(after.map((draw) => draws[draw]!(copy))).toEqual(after.map((draw) => draws[draw]!(random)));
      expect(copy.state()).toEqual(random.state());
    }),
  );
});

test("split gives the same child for the same name, does not move the parent, and ignores how far it ran", () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), fc.string(), fc.nat(9), (seed, name, other, steps) => {
      const random = createRandom(seed);
      const child = words(random.split(name), 4);
      words(random, steps);
      const before = random.state();
      expect(words(random.split(name), 4)).toEqual(child);
      expect(random.state()).toEqual(before);
      if (other !== name) expect(words(random.split(other), 4)).not.toEqual(child);
      expect(words(random.split(name).split(name), 4)).not.toEqual(child);
    }),
  );
  expect(words(createRandom(1).split(3), 4)).toEqual(words(createRandom(1).split("3"), 4));
});

test("integers of every range are even: chi-squared below its 1 − 10⁻⁶ quantile", () => {
  for (const [below, quantile] of [
    [2, 23.93],
    [6, 35.89],
    [10, 44.81],
  ] as const) {
    const random = createRandom(5);
    const counts = new Array<number>(below).fill(0);
    for (let i = 0; i < 60_000; i += 1) counts[random.integer(below)]! += 1;
    const expected = 60_000 / below;
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(quantile);
  }
});

test("integers of a range that does not divide 2^32 are even too", () => {
  const random = createRandom(6);
  const low = Array.from({ length: 9000 }, () => random.integer(3 * 2 ** 30)).filter((value) => value < 2 ** 30).length;
  expect(Math.abs(low / 9000 - 1 / 3)).toBeLessThan(0.025); // by remainders alone it would be 1/2
});

test("uniforms stay in [low, high), also where rounding would reach the end", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
      (seed, start, width) => {
        const low = Math.fround(start);
        const high = Math.fround(low + width);
        const random = createRandom(seed);
        for (const value of [...random.uniforms(50, low, high), random.uniform(low, high)]) {
          expect(value).toBeGreaterThanOrEqual(low);
          if (high > low) expect(value).toBeLessThan(high);
          else expect(value).toBe(low);
        }
      },
    ),
  );
});

test("between two neighbouring numbers there is only the lower one", () => {
  const random = createRandom(7);
  for (let i = 0; i < 100; i += 1) expect(random.uniform(1, 1 + Number.EPSILON)).toBe(1);
});

test("uniforms and normals have the moments and quantiles of their distributions", () => {
  const n = 200_000;
  const uniforms = createRandom(1).uniforms(n, 2, 4);
  const normals = createRandom(2).normals(n, -1, 3);
  const moments = (values: Float32Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n] as const;
  };
  const [uniformMean, uniformVariance] = moments(uniforms);
  expect(Math.abs(uniformMean - 3)).toBeLessThan(5 * Math.sqrt(1 / 3 / n));
  expect(Math.abs(uniformVariance - 1 / 3)).toBeLessThan(0.005);
  const [normalMean, normalVariance] = moments(normals);
  expect(Math.abs(normalMean + 1)).toBeLessThan((5 * 3) / Math.sqrt(n));
  expect(Math.abs(normalVariance - 9)).toBeLessThan(0.15);
  const beyond = normals.filter((value) => Math.abs(value + 1) > 1.959964 * 3).length / n; // 5 % of a normal
  expect(Math.abs(beyond - 0.05)).toBeLessThan(0.0025);
});

test("a permutation holds every number once, and all orders are as likely", () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(200), (seed, n) => {
      expect([...createRandom(seed).permutation(n)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
  const random = createRandom(9);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i += 1) {
    const order = random.permutation(4).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquared).toBeLessThan(70.55); // the quantile at 23 degrees of freedom
});

test("seeds and states that cannot be meant are refused", () => {
  expect(() => createRandom(0.5)).toThrow("createRandom: seed must be a whole number");
  expect(() => createRandom(1).integer(0)).toThrow("Random.integer: below");
  const state = createRandom(1).state();
  expect(() => restoreRandom({ ...state, algorithm: "mt19937" })).toThrow("got 8 of mt19937");
  expect(() => restoreRandom({ ...state, words: state.words.slice(1) })).toThrow("got 7");
  expect(() => restoreRandom({ ...state, words: [0, 0, 0, 0, 1, 2, 3, 4] })).toThrow("restoreRandom");
  expect(() => restoreRandom({ ...state, words: [-1, ...state.words.slice(1)] })).toThrow("restoreRandom");
});
