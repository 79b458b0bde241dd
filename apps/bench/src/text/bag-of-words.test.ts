import { createRandom, labelled } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { bagOfWords, textNumbers, wordsOf } from "./bag-of-words.js";
import { sparseKnn } from "./sparse-knn.js";
import { sparseRegression } from "./sparse-regression.js";

const train = ["good good film", "a good plot", "bad film", "a bad, bad plot"];
const test = ["good", "bad unheard-of words", "A GOOD film"];
const bag = bagOfWords(train, test);
const tables = () => {
  const learnFrom = labelled(textNumbers(bag.train, 0), [1, 1, 0, 0], 2);
  return { learnFrom, asked: textNumbers(bag.test, bag.train.length) };
};
const context = { random: createRandom(1) };

describe("bagOfWords", () => {
  it("cuts words and marks, in lower case", () => {
    expect(wordsOf("Don't panic—Ωμέγα 42!")).toEqual(["don't", "panic", "—", "ωμέγα", "42", "!"]);
  });

  it("numbers the training texts' words, each once a text", () => {
    expect(bag.words).toBe(6); // good film a plot bad ,
    expect([...bag.train[0]!]).toEqual([0, 1]);
    expect([...bag.test[1]!]).toEqual([4]); // the others are new
    expect([...bag.test[2]!]).toEqual([0, 1, 2]);
  });
});

describe("sparseRegression", () => {
  it("learns which words speak for a class", async () => {
    const { learnFrom, asked } = tables();
    const { labels, chosen } = await sparseRegression(bag, { l2: [1, 1e-3] }).predict(learnFrom, asked, context);
    expect([...labels]).toEqual([1, 0, 1]);
    expect(chosen.l2).toBeTypeOf("number");
  });
});

it("sparseKnn asks the texts that share most words", async () => {
  const { learnFrom, asked } = tables();
  const { labels } = await sparseKnn(bag, { k: 1, temperature: 0.1 }).predict(learnFrom, asked, context);
  expect([...labels]).toEqual([1, 0, 1]);
});
