import { chooseEngine, createRandom, type Dataset } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { engine, memory, mul, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExampleKind, SentencePair } from "../examples/examples.js";
import { bertForMaskedLM, bertForPreTraining } from "../models/bert.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import type { TokenModel } from "../models/token-model.js";
import { smallBert, smallGpt2 } from "../testing/small-models.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { heldOutMeasure } from "./held-out-measure.js";
import { measureMaskedLm, measurePairs } from "./measure-masked.js";
import { measureNextToken } from "./measure-next-token.js";

const tokenizer = toyTokenizer(23);
const datasetOf = <Sample>(samples: readonly Sample[]): Dataset<Sample> => ({
  length: samples.length,
  get: async (index) => samples[index]!,
});
const segment = (length: number, start: number) =>
  Int32Array.from({ length }, (_, i) => 5 + ((7 * start + i * i) % 18));
/** Windows of several lengths, so that batches have several shapes. */
const windows = datasetOf(Array.from({ length: 11 }, (_, n) => ({ ids: segment(6 + (n % 3), n) })));
const blocks = datasetOf(Array.from({ length: 11 }, (_, n) => ({ ids: segment(9 + (n % 4), n) })));
const pairs = datasetOf(
  Array.from(
    { length: 11 },
    (_, n): SentencePair => ({ first: segment(4, n), second: segment(5, n + 3), label: n % 3 === 0 ? 1 : 0 }),
  ),
);
const masks = () => createRandom(6).split("held-out masks");

interface Case {
  readonly kind: ExampleKind;
  readonly dataset: Dataset<unknown>;
  make(): TokenModel;
  /** The same by what is measured once. */
  expected(model: TokenModel, limit: number): Promise<{ loss: number }>;
}
const cases: readonly Case[] = [
  {
    kind: "windows",
    dataset: windows,
    make: () => gpt2LMHeadModel(smallGpt2, createRandom(1)),
    expected: (model, limit) => measureNextToken(model as never, windows, { batchSize: 4, limit, bytesPerToken: 2 }),
  },
  {
    kind: "blocks",
    dataset: blocks,
    make: () => bertForMaskedLM(smallBert, createRandom(1)),
    expected: (model, limit) =>
      measureMaskedLm(model, tokenizer, blocks, { batchSize: 4, limit, random: masks(), wholeWords: true }),
  },
  {
    kind: "next-sentence",
    dataset: pairs,
    make: () => bertForPreTraining(smallBert, createRandom(1)),
    expected: (model, limit) =>
      measurePairs(model as never, tokenizer, pairs, { batchSize: 4, limit, random: masks(), wholeWords: true }),
  },
];

/** Another model, as after a step. */
function moveOn(model: TokenModel): void {
  for (const variable of Object.values(model.parameters)) {
    tidy(() => variable.assign(mul(variable, 1.01)));
    variable.dataSync(); // evaluated here, so that its graph is not counted as a look's
  }
}

describe("heldOutMeasure", () => {
  beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
  afterAll(async () => void (await useTestBackend()));
  const graphs = () => (engine().backend as unknown as { stats(): { graphs: number } }).stats().graphs;

  it.each(cases)(
    "of $kind: the first look's graphs serve all others, with the values of a single measure",
    async (one) => {
      const model = one.make();
      const options = { tokenizer, wholeWords: true, seed: 6, batchSize: 4, bytesPerToken: 2 };
      const { measure, dispose } = heldOutMeasure(model, one, options);
      const first = await measure({ limit: 10 }); // two batches of four
      expect(first).toEqual(await one.expected(model, 8));
      expect(await measure({ limit: 10 })).toEqual(first);

      moveOn(model);
      const [compiled, tensors] = [graphs(), memory().numTensors];
      const later = await measure({ limit: 10 });
      expect([graphs(), memory().numTensors]).toEqual([compiled, tensors]);
      expect(later).toEqual(await one.expected(model, 8));
      expect(later.loss).not.toBe(first.loss);
      expect(await measure({})).toEqual(await one.expected(model, 8)); // in full batches
      expect(await measure({ limit: 1 })).toEqual(await one.expected(model, 4)); // one at least
      dispose();
    },
  );

  it("stops between two batches when told", async () => {
    const { measure, dispose } = heldOutMeasure(cases[1]!.make(), cases[1]!, { tokenizer, batchSize: 4 });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(measure({ signal })).rejects.toThrow("enough");
    dispose();
  });
});
