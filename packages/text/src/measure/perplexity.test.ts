import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { kindOf } from "../examples/examples-of.js";
import { albertForPreTraining } from "../models/albert.js";
import { bertForMaskedLM, bertForPreTraining } from "../models/bert.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import type { TokenModel } from "../models/token-model.js";
import { memoryCorpus } from "../testing/memory-corpus.js";
import { smallAlbert, smallBert, smallGpt2 } from "../testing/small-models.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { measurePerplexity } from "./perplexity.js";

beforeAll(() => useTestBackend());

const tokenizer = toyTokenizer(23);
const sentence = (start: number) => Array.from({ length: 8 }, (_, i) => 5 + ((start + i) % 18));
const text = memoryCorpus([
  [sentence(0), sentence(3)],
  [sentence(5), sentence(9), sentence(1)],
]);
const loaded = (make: (seed: number) => TokenModel) => ({
  model: make(1),
  tokenizer,
  context: 12,
  untrained: () => make(2),
});

describe("measurePerplexity", () => {
  it("predicts every token of a causal model once, beside the untrained one and frequencies", async () => {
    const gpt2 = loaded((seed) => gpt2LMHeadModel({ ...smallGpt2, initializer_range: 0 }, createRandom(seed)));
    const turns: string[] = [];
    const measured = await measurePerplexity(gpt2, text, { announce: (contender) => turns.push(contender) });
    expect(measured).toMatchObject({ kind: "windows", unigramCountedOn: "this text", tokens: 40, bytes: 40 });
    for (const { loss, tokens, bitsPerByte } of [measured.model, measured.randomInit]) {
      expect(loss).toBeCloseTo(Math.log(23), 5); // weights of zero know nothing
      expect(tokens).toBe(39); // all but the first, which has none before it
      expect(bitsPerByte).toBeCloseTo(Math.log2(23), 4); // a token is a byte here
    }
    expect(measured.unigram.tokens).toBe(39);
    expect(turns).toEqual(["model", "randomInit"]);
  });

  it("by hand: frequencies alone, of the tokens that the model was asked", async () => {
    const short = memoryCorpus([[[5, 5, 6]], [[5, 7]]]);
    const gpt2 = { ...loaded((seed) => gpt2LMHeadModel(smallGpt2, createRandom(seed))), context: 2 };
    const frequencies = memoryCorpus([[[5, 5, 5, 6, 8]]]); // with one more of each of 23: 4, 2, 1 and 2 of 28
    const { unigram, model, randomInit } = await measurePerplexity(gpt2, short, { frequencies });
    expect([unigram.tokens, model.tokens, randomInit.tokens]).toEqual([4, 4, 4]); // 5 6 5 7
    expect(unigram.loss).toBeCloseTo(-(2 * Math.log(4 / 28) + Math.log(2 / 28) + Math.log(1 / 28)) / 4, 6);
    expect(unigram.accuracy).toBe(0.5);
  });

  it("predicts from more where a stride is told, the same tokens", async () => {
    const gpt2 = loaded((seed) => gpt2LMHeadModel(smallGpt2, createRandom(seed)));
    const [apart, strided] = [await measurePerplexity(gpt2, text), await measurePerplexity(gpt2, text, { stride: 3 })];
    expect(strided.model.tokens).toBe(39);
    expect(strided.unigram).toEqual(apart.unigram);
    expect(strided.model.loss).not.toBe(apart.model.loss);
  });

  it("hides tokens in the last, shorter block too", async () => {
    const bert = { ...loaded((seed) => bertForMaskedLM(smallBert, createRandom(seed))), context: 12 };
    const measured = await measurePerplexity(bert, memoryCorpus([[sentence(0), [9, 10, 11]]]));
    expect(measured.model.tokens).toBe(3); // 15 % of 12 with both ends, of 3 and 2 at least one
  });

  it("counts frequencies in the training text where it is given, and asks what it is told", async () => {
    const bert = loaded((seed) => bertForPreTraining(smallBert, createRandom(seed)));
    const frequencies = memoryCorpus([[sentence(2)]]);
    const options = { kind: "sentence-order", frequencies, seed: 3 } as const;
    const measured = await measurePerplexity(bert, text, options);
    expect(measured).toMatchObject({ kind: "sentence-order", unigramCountedOn: "training text" });
    expect(measured.unigram.tokens).toBe(measured.model.tokens); // the same hidden ones
    expect(measured.model.relation!.pairs).toBeGreaterThan(0);
    expect(await measurePerplexity(bert, text, options)).toEqual(measured);
  });
});

it("kindOf says what a model can be asked", () => {
  const models = [
    gpt2LMHeadModel(smallGpt2, createRandom(1)),
    bertForMaskedLM(smallBert, createRandom(1)),
    bertForPreTraining(smallBert, createRandom(1)),
    albertForPreTraining(smallAlbert, createRandom(1)),
  ];
  expect(models.map(kindOf)).toEqual(["windows", "blocks", "next-sentence", "sentence-order"]);
});
