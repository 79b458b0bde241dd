import { assignVariables, createRandom, type Dataset, lossOf } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { SentencePair, TokenWindow } from "../examples/examples.js";
import { maskedLm } from "../masked-lm.js";
import { bertForMaskedLM, bertForPreTraining } from "../models/bert.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import { readGpt2Config } from "../models/gpt2-config.js";
import { memoryCorpus } from "../testing/memory-corpus.js";
import { readOracle } from "../testing/oracle.js";
import { smallBert } from "../testing/small-models.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { measureMaskedLm, measurePairs } from "./measure-masked.js";
import { measureNextToken } from "./measure-next-token.js";
import { unigramBaseline } from "./unigram-baseline.js";

const tokenizer = toyTokenizer(23);
const datasetOf = <Sample>(samples: readonly Sample[]): Dataset<Sample> => ({
  length: samples.length,
  get: async (index) => samples[index]!,
});
const segment = (length: number, start: number) => Int32Array.from({ length }, (_, i) => 5 + ((start + i) % 18));

beforeAll(useTestBackend);

describe("measureNextToken", () => {
  it("has Hugging Face's loss, over batches of any size, and what follows from it", async () => {
    const oracle = await readOracle("gpt2");
    const model = gpt2LMHeadModel(readGpt2Config(oracle.config), createRandom(0));
    assignVariables(model.parameters, oracle.group("weights"), { from: "gpt2" });
    const [ids, labels, scores] = ["batch.ids", "batch.labels", "output.tokens"].map((name) => oracle.numbers(name));
    const windows: TokenWindow[] = [0, 10, 20].map((start) => ({
      ids: Int32Array.of(ids![start]!, ...labels!.slice(start, start + 10)),
    }));
    const likeliest = labels!.map((_, row) => {
      const own = scores!.slice(41 * row, 41 * (row + 1));
      return own.indexOf(Math.max(...own));
    });
    const right = likeliest.filter((id, row) => id === labels![row]).length;

    const before = memory().numTensors;
    for (const batchSize of [1, 2, 32]) {
      const measured = await measureNextToken(model, datasetOf(windows), { batchSize, bytesPerToken: 2.5 });
      expect(measured.loss).toBeCloseTo(oracle.numbers("loss")[0]!, 5);
      expect(measured.perplexity).toBeCloseTo(Math.exp(measured.loss), 6);
      expect(measured.bitsPerByte).toBeCloseTo(Math.log2(Math.exp(measured.loss)) / 2.5, 5);
      expect([measured.accuracy, measured.tokens]).toEqual([right / 30, 30]);
    }
    expect(memory().numTensors).toBe(before);
    const stopped = new AbortController();
    const reads: number[] = [];
    const watched: Dataset<TokenWindow> = {
      ...datasetOf(windows),
      async get(index) {
        reads.push(index);
        stopped.abort(new Error("stopped by hand"));
        return windows[index]!;
      },
    };
    await expect(measureNextToken(model, watched, { batchSize: 1, signal: stopped.signal })).rejects.toThrow("by hand");
    expect([reads, memory().numTensors]).toEqual([[0], before]);
    const limited = await measureNextToken(model, datasetOf(windows), { limit: 2 });
    expect([limited.tokens, limited.bitsPerByte]).toEqual([20, undefined]);
    await expect(measureNextToken(model, datasetOf([]))).rejects.toThrow("there must be a sample");
  });
});

describe("measureMaskedLm", () => {
  it("has the method's loss on the same masks", async () => {
    const model = bertForMaskedLM(smallBert, createRandom(1));
    const blocks = [9, 12, 14].map((length, n) => ({ ids: segment(length, n) }));
    const method = maskedLm(model, tokenizer);
    const batch = method.draw(blocks, createRandom(5));
    const measured = await measureMaskedLm(model, tokenizer, datasetOf(blocks), { random: createRandom(5) });
    expect(measured.loss).toBeCloseTo(lossOf(method.loss(batch)).dataSync()[0]!, 5);
    expect(measured.tokens).toBe([...batch.labels.dataSync()].filter((label) => label !== -100).length);
  });
});

describe("measurePairs", () => {
  it("is at the logarithms of what there is to choose from, before anything is learned", async () => {
    const model = bertForPreTraining({ ...smallBert, initializer_range: 0 }, createRandom(1));
    const pairs: SentencePair[] = [0, 1, 0, 0, 0].map((label, n) => ({
      first: segment(4, n),
      second: segment(5, n + 4),
      label: label as 0 | 1,
    }));
    const measured = await measurePairs(model, tokenizer, datasetOf(pairs), { random: createRandom(5), batchSize: 2 });
    expect(measured.loss).toBeCloseTo(Math.log(23), 5);
    expect(measured.perplexity).toBeCloseTo(23, 3);
    expect(measured.accuracy).toBe(0); // the first of equal scores: [PAD]
    expect(measured.relation.loss).toBeCloseTo(Math.log(2), 5);
    expect(measured.relation).toMatchObject({ accuracy: 0.8, pairs: 5, share: 0.2 });
  });
});

describe("unigramBaseline", () => {
  it("guesses from counts, each one more", async () => {
    const train = memoryCorpus([[[0, 0, 1], [0]], [[2, 1]]]); // 3, 2, 1 and 0 of 6
    const heldOut = memoryCorpus([[[0, 3], [1]]]);
    const { loss, accuracy, tokens } = await unigramBaseline(train, heldOut, 4);
    expect(loss).toBeCloseTo(-(Math.log(4 / 10) + Math.log(1 / 10) + Math.log(3 / 10)) / 3, 10);
    expect([accuracy, tokens]).toEqual([1 / 3, 3]);
  });
});
