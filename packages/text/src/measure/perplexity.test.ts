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
import { unigramBaseline } from "./unigram-baseline.js";

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
      expect(tokens).toBe(36); // three windows of twelve
      expect(bitsPerByte).toBeCloseTo(Math.log2(23), 4); // a token is a byte here
    }
    expect(measured.unigram.loss).toBe((await unigramBaseline(text, text, 23)).loss);
    expect(turns).toEqual(["model", "randomInit"]);
  });

  it("counts frequencies in the training text where it is given, and asks what it is told", async () => {
    const bert = loaded((seed) => bertForPreTraining(smallBert, createRandom(seed)));
    const frequencies = memoryCorpus([[sentence(2)]]);
    const options = { kind: "sentence-order", frequencies, seed: 3 } as const;
    const measured = await measurePerplexity(bert, text, options);
    expect(measured).toMatchObject({ kind: "sentence-order", unigramCountedOn: "training text" });
    expect(measured.unigram.loss).toBe((await unigramBaseline(frequencies, text, 23)).loss);
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
