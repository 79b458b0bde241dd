import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { mean, reshape, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { bertForMaskedLM } from "../models/bert.js";
import { bertConfig } from "../models/bert-config.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import { gpt2Config } from "../models/gpt2-config.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { trainCharacters } from "../tokenizer/train-characters.js";
import { textFeatures } from "./text-features.js";

beforeAll(() => useTestBackend());

const texts = ["abc", "", "a cab", "b".repeat(50), "c"];
const shape = { hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, max_position_embeddings: 12 };
const random = createRandom(1);

async function vocabulary(specialTokens: string[]) {
  return createTokenizer(await trainCharacters(["abc "], { specialTokens }));
}

describe("textFeatures", () => {
  it("are the mean of BERT's states from [CLS] to [SEP], whatever else is in the batch", async () => {
    const tokenizer = await vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]);
    const { encoder } = bertForMaskedLM(bertConfig("tiny", { ...shape, vocab_size: tokenizer.vocabularySize }), random);
    const { values, size } = await textFeatures(encoder, { tokenizer, context: 12, batchSize: 2 })(texts);
    expect(size).toBe(8);
    for (const [row, text] of texts.entries()) {
      const ids = [2, ...tokenizer.encode(text).subarray(0, 10), 3];
      const states = encoder.hiddenStates({ ids: tensor2d(ids, [1, ids.length], "int32") }); // [1, T, 8]
      const expected = mean(reshape(states, [ids.length, 8]), 0).dataSync();
      values.subarray(8 * row, 8 * row + 8).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 5);
      });
    }
  });

  it("of GPT-2 without special tokens too", async () => {
    const tokenizer = await vocabulary([]);
    const config = gpt2Config("tiny", { n_embd: 8, n_layer: 1, n_head: 2, n_positions: 12, vocab_size: 4 });
    const { encoder } = gpt2LMHeadModel(config, random);
    const extract = textFeatures(encoder, { tokenizer, context: 12, batchSize: 4 });
    const together = await extract(texts);
    const alone = await extract([texts[2]!]);
    [...alone.values].forEach((value, i) => {
      expect(together.values[16 + i]).toBeCloseTo(value, 5);
    });
    expect(together.values.every(Number.isFinite)).toBe(true);
  });
});
