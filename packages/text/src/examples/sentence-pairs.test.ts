import { createRandom, type Random } from "@autodidact/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryCorpus } from "../testing/memory-corpus.js";
import type { SentencePair } from "./examples.js";
import { type SentencePairs, type SentencePairsOptions, sentencePairs } from "./sentence-pairs.js";

/** Says what it was told to say; draws beyond that fail the test. */
function scripted(script: (number | boolean)[]): Random {
  const next = <Kind>(kind: string): Kind => {
    const value = script.shift();
    if (typeof value !== kind) throw new Error(`a ${kind} was drawn, the script has ${value}`);
    return value as Kind;
  };
  const random = {
    chance: () => next<boolean>("boolean"),
    integer: (below: number) => {
      const value = next<number>("number");
      if (value >= below) throw new Error(`${value} was to be drawn below ${below}`);
      return value;
    },
    split: () => random,
  } as unknown as Random;
  return random;
}

async function all(pairs: SentencePairs): Promise<SentencePair[]> {
  return Promise.all(Array.from({ length: pairs.length }, (_, index) => pairs.get(index)));
}

const plain = (pairs: readonly SentencePair[]) =>
  pairs.map(({ first, second, label }) => [[...first], [...second], label] as const);

test("next sentence by hand, draw by draw as google-research/bert's program makes them", async () => {
  const corpus = memoryCorpus([[[10, 11], [12, 13], [14, 15], [16]], [[20], [21, 22, 23, 24]], [[30, 31, 32]]]);
  const script = [
    [false], // document 0: target 6
    [1, true], // [10 11] [12 13] [14 15] gather; split after 2; a random partner:
    [0, 0], // document 1 from sentence 0, until 6 − 4 = 2 tokens: both sentences, 5 tokens
    [true, false, false], // 4 + 5 are 3 too many: 20 goes from the front; of 4 + 4 the second's back, 24; of 4 + 3 the first's, 13
    [0, false], // put back: [14 15] [16] to the document's end; split after 1; as it is
    [true, 0], // document 1: short, target 2 + 0
    [0, false], // [20] has 1 token, with the next 5: split after 1; as it is
    [false], // document 2: target 6
    [0, 2], // alone, so a random partner: document 0 from sentence 2, until 6 − 3 = 3 tokens
  ].flat();
  const pairs = sentencePairs(corpus, { length: 9, objective: "next-sentence", random: scripted(script) });
  expect(plain(await all(pairs))).toEqual([
    [[10, 11, 12], [21, 22, 23], 1],
    [[14, 15], [16], 0],
    [[20], [21, 22, 23, 24], 0],
    [[30, 31, 32], [14, 15, 16], 1],
  ]);
  expect(pairs.labelCounts).toEqual([2, 2]);
  expect(script).toEqual([]);
  expect(pairs.size!(0)).toBe(6);
});

test("sentence order by hand: the two parts change places; a sentence alone gives no pair", async () => {
  const corpus = memoryCorpus([[[10, 11], [12, 13], [14, 15], [16]], [[20, 21]]]);
  const script = [false, 0, true, false]; // target 5: three sentences, split after 1, swapped; one token too many: from the back of the longer
  const pairs = sentencePairs(corpus, { length: 8, objective: "sentence-order", random: scripted([...script, false]) });
  expect(plain(await all(pairs))).toEqual([[[12, 13, 14], [10, 11], 1]]); // [16] and [20 21] are alone
  expect(pairs.labelCounts).toEqual([0, 1]);
});

const document = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 });

/** Token = 1000 × document + its place there; sentences of the drawn lengths. */
function numbered(lengths: readonly (readonly number[])[]) {
  return lengths.map((sentences, d) => {
    let place = 0;
    return sentences.map((length) => Array.from({ length }, () => 1000 * d + place++));
  });
}

const isRun = (ids: Int32Array) => ids.every((id, place) => id === ids[0]! + place);
const documentOf = (ids: Int32Array) => Math.floor(ids[0]! / 1000);

const settings = fc.record({
  length: fc.integer({ min: 5, max: 40 }),
  seed: fc.integer(),
  duplicates: fc.integer({ min: 1, max: 3 }),
  shortShare: fc.constantFrom(0, 0.1, 1),
});

test("next sentence, any documents: label 0 goes on in its document, label 1 is of another", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 2, maxLength: 6 }),
      settings,
      async (lengths, { seed, ...rest }) => {
        const canFollow = lengths.some((own) => own.slice(0, -1).some((size) => size < rest.length - 3));
        fc.pre(canFollow); // else it is refused
        const options: SentencePairsOptions = { ...rest, objective: "next-sentence", random: createRandom(seed) };
        const pairs = sentencePairs(memoryCorpus(numbered(lengths)), options);
        const drawn = await all(pairs);
        expect(pairs.labelCounts).toEqual([0, 1].map((label) => drawn.filter((pair) => pair.label === label).length));
        for (const [index, { first, second, label }] of drawn.entries()) {
          expect(first.length).toBeGreaterThan(0);
          expect(second.length).toBeGreaterThan(0);
          expect(first.length + second.length).toBeLessThanOrEqual(rest.length - 3);
          expect(pairs.size!(index)).toBe(first.length + second.length);
          expect(isRun(first) && isRun(second)).toBe(true);
          if (label === 1) expect(documentOf(second)).not.toBe(documentOf(first));
          else expect(documentOf(second)).toBe(documentOf(first));
          if (label === 0) expect(second[0]).toBeGreaterThan(first.at(-1)!);
        }
        expect(plain(await all(sentencePairs(memoryCorpus(numbered(lengths)), options)))).toEqual(plain(drawn)); // same seed
      },
    ),
  );
});

test("sentence order, any documents: both of one document, label 1 the later one first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 6 }),
      settings,
      async (lengths, { seed, ...rest }) => {
        fc.pre(lengths.some((sentences) => sentences.length > 1) && rest.length >= 30 && rest.shortShare === 0);
        const random = createRandom(seed);
        const pairs = sentencePairs(memoryCorpus(numbered(lengths)), { ...rest, objective: "sentence-order", random });
        for (const { first, second, label } of await all(pairs)) {
          expect(first.length + second.length).toBeLessThanOrEqual(rest.length - 3);
          expect(isRun(first) && isRun(second)).toBe(true);
          expect(documentOf(first)).toBe(documentOf(second));
          const [before, after] = label === 0 ? [first, second] : [second, first];
          expect(after[0]).toBeGreaterThan(before.at(-1)!);
        }
      },
    ),
  );
});

test("rates on many documents: half of the orders are swapped, next sentence leans to label 1, short pairs are few", async () => {
  const corpus = memoryCorpus(
    numbered(Array.from({ length: 400 }, (_, d) => Array.from({ length: 1 + (d % 40) }, () => 10))),
  );
  const options = { length: 67, random: createRandom(7), duplicates: 5 };
  const orders = sentencePairs(corpus, { ...options, objective: "sentence-order" });
  const [written, swapped] = orders.labelCounts;
  expect(Math.abs(swapped / (written + swapped) - 0.5)).toBeLessThan(2.5 / Math.sqrt(written + swapped));

  const next = sentencePairs(corpus, { ...options, objective: "next-sentence" });
  const [follows, random] = next.labelCounts;
  expect(random).toBeGreaterThan(follows); // half of the chunks, and every sentence alone
  const full = sentencePairs(corpus, { ...options, objective: "sentence-order", shortShare: 0 });
  const isFull = (pairs: SentencePairs) =>
    Array.from({ length: pairs.length }, (_, i) => pairs.size!(i)).filter((size) => size === 64);
  expect(isFull(full).length / full.length).toBeGreaterThan(isFull(orders).length / orders.length + 0.05);
});

test("duplicates: the corpus is gone through again, and cut into other pairs", async () => {
  const corpus = memoryCorpus(numbered([Array.from({ length: 40 }, () => 3)]));
  const options = { length: 35, random: createRandom(4), shortShare: 0, objective: "sentence-order" } as const;
  const once = plain(await all(sentencePairs(corpus, options)));
  const twice = plain(await all(sentencePairs(corpus, { ...options, duplicates: 2 })));
  expect(once).toHaveLength(4); // 40 sentences, 11 to reach 32 tokens: 11, 11, 11 and 7
  expect(twice).toHaveLength(8);
  expect(twice.slice(0, 4)).toEqual(once);
  expect(twice.slice(4)).not.toEqual(once);
});

test("what cannot work is refused", () => {
  const one = memoryCorpus([[[1, 2], [3]]]);
  const options = { length: 16, random: createRandom(1) };
  expect(() => sentencePairs(one, { ...options, objective: "next-sentence" })).toThrow(
    "next-sentence needs at least 2 documents, to take the second segment from another one, got 1",
  );
  expect(sentencePairs(one, { ...options, objective: "sentence-order" }).length).toBe(1);
  const alone = memoryCorpus([[[1, 2]], [[3]]]);
  expect(() => sentencePairs(alone, { ...options, objective: "sentence-order" })).toThrow(
    /sentence-order must have documents of two sentences or more, .* got 2 sentences in 2 documents\. A sentence ends at .* masked-lm/,
  );
  expect(() => sentencePairs(alone, { ...options, objective: "next-sentence" })).toThrow(
    /next-sentence must have documents of two sentences or more, .* got 2 sentences in 2 documents/,
  );
  const measured = { ...options, objective: "next-sentence", isMeasured: true } as const;
  expect(sentencePairs(alone, measured).labelCounts).toEqual([0, 2]);
  const filling = memoryCorpus(
    numbered([
      [5, 5],
      [5, 5],
    ]),
  );
  expect(() => sentencePairs(filling, { ...options, length: 8, objective: "next-sentence" })).toThrow(
    "each sentence fills the 8 tokens of a pair. Take a greater length",
  );
  expect(() => sentencePairs(one, { ...options, length: 4, objective: "sentence-order" })).toThrow("from 5, got 4");
});
