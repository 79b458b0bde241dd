import { createRandom, lossOf, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { mean, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { maskedLm } from "./masked-lm.js";
import { bertForMaskedLM, bertForPreTraining } from "./models/bert.js";
import { gpt2LMHeadModel } from "./models/gpt2.js";
import { smallBert, smallGpt2 } from "./testing/small-models.js";
import { toyTokenizer } from "./testing/toy-tokenizer.js";

const tokenizer = toyTokenizer(23);

/** Each goes up from its own first token: what is hidden can be told from its neighbours. */
const blocks = [9, 12, 14, 7, 11, 10].map((length, n) => ({
  ids: Int32Array.from({ length }, (_, place) => 5 + ((3 * n + place) % 18)),
}));

beforeAll(useTestBackend);

describe("maskedLm", () => {
  const suite = methodSuite({
    make: (random) => maskedLm(bertForMaskedLM(smallBert, random), tokenizer),
    samples: blocks,
    inputs: () =>
      tensor2d(
        blocks.map(({ ids }) => [...ids.subarray(0, 7)]),
        [6, 7],
        "int32",
      ),
  });
  for (const { name, run } of suite) test(name, run);

  it("puts [CLS] and [SEP] around each block, pads to one length and chooses 15 % of each", () => {
    const method = maskedLm(bertForMaskedLM(smallBert, createRandom(1)), tokenizer);
    const batch = method.draw(blocks, createRandom(2));
    expect(batch.ids.shape).toEqual([6, 16]);
    expect(batch.positions.shape).toEqual([6 * 2]); // 15 % of 16
    const ids = batch.ids.arraySync();
    const labels = batch.labels.dataSync();
    const positions = batch.positions.dataSync();
    for (const [row, block] of blocks.entries()) {
      expect(ids[row]![0]).toBe(2);
      expect(ids[row]!.slice(block.ids.length + 1)).toEqual([3, ...new Array(14 - block.ids.length).fill(0)]);
      const chosen = [0, 1].filter((slot) => labels[2 * row + slot] !== -100);
      expect(chosen).toHaveLength(Math.max(1, Math.round(0.15 * (block.ids.length + 2))));
      for (const slot of chosen) {
        expect(labels[2 * row + slot]).toBe(block.ids[positions[2 * row + slot]! - 16 * row - 1]);
      }
    }
  });

  it("says nothing of padding where there is none", () => {
    const method = maskedLm(bertForMaskedLM(smallBert, createRandom(1)), tokenizer);
    const full = [{ ids: Int32Array.from({ length: 14 }, () => 7) }];
    expect(Object.keys(method.draw(full, createRandom(2)))).not.toContain("seen");
    expect(Object.keys(method.draw(blocks, createRandom(2)))).toContain("seen");
  });

  it("starts at the logarithm of the vocabulary and does not hear what stands in the padding", () => {
    const model = bertForMaskedLM({ ...smallBert, initializer_range: 1e-4 }, createRandom(1));
    const method = maskedLm(model, tokenizer);
    const batch = method.draw(blocks, createRandom(3));
    const before = training(() => lossOf(method.loss(batch))).dataSync()[0]!;
    expect(before).toBeCloseTo(Math.log(23), 2);
    const ids = batch.ids.arraySync().map((row) => row.map((id) => (id === 0 ? 9 : id)));
    const other = { ...batch, ids: tensor2d(ids, [6, 16], "int32") };
    expect(training(() => lossOf(method.loss(other))).dataSync()[0]).toBeCloseTo(before, 6);
  });

  it("asks for a model that sees both sides, and a tokenizer that fits it and has a mask", () => {
    const model = bertForMaskedLM(smallBert, createRandom(1));
    expect(() => maskedLm(gpt2LMHeadModel(smallGpt2, createRandom(1)), tokenizer)).toThrow("GPT-2 sees what is before");
    expect(() => maskedLm(model, toyTokenizer(24))).toThrow("each of the tokenizer's 24 tokens, got vocab_size 23");
    const without = { ...tokenizer, special: { ...tokenizer.special, mask: undefined } };
    expect(() => maskedLm(model, without)).toThrow("a tokenizer with a mask token, and it has none");
  });

  it("leaves the pooler and the relation of a model for pairs alone", () => {
    const method = maskedLm(bertForPreTraining(smallBert, createRandom(1)), tokenizer);
    expect(Object.keys(method.learned)).toEqual(["bert", "cls.predictions"]);
    expect(mean(method.encoder(tensor2d([[2, 5, 3]], [1, 3], "int32"))).shape).toEqual([]);
  });
});
