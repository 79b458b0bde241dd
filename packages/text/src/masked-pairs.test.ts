import { createRandom, lossOf, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { bert } from "./bert.js";
import type { SentencePair } from "./examples/examples.js";
import { albertForPreTraining } from "./models/albert.js";
import { bertForPreTraining } from "./models/bert.js";
import { sentenceOrder } from "./sentence-order.js";
import { smallAlbert, smallBert } from "./testing/small-models.js";
import { toyTokenizer } from "./testing/toy-tokenizer.js";

const tokenizer = toyTokenizer(23);
const segment = (length: number, start: number) => Int32Array.from({ length }, (_, i) => 5 + ((start + i) % 18));

/** The second goes on where the first ends, or begins elsewhere. */
const pairs: SentencePair[] = [3, 5, 4, 6, 2, 5].map((length, n) => ({
  first: segment(length, n),
  second: segment(9 - length, n % 2 === 0 ? n + length : n + 9),
  label: (n % 2) as 0 | 1,
}));

const methods = {
  bert: (random = createRandom(1)) => bert(bertForPreTraining(smallBert, random), tokenizer),
  "sentence order on BERT": (random = createRandom(1)) =>
    sentenceOrder(bertForPreTraining(smallBert, random), tokenizer),
  "sentence order on ALBERT": (random = createRandom(1)) =>
    sentenceOrder(albertForPreTraining(smallAlbert, random), tokenizer),
};

beforeAll(useTestBackend);

describe.each(Object.entries(methods))("%s", (_, make) => {
  const suite = methodSuite({
    make,
    samples: pairs,
    inputs: () =>
      tensor2d(
        pairs.map(({ first }) => [2, ...first.subarray(0, 2), 3]),
        [6, 4],
        "int32",
      ),
  });
  for (const { name, run } of suite) test(name, run);

  it("draws [CLS] first [SEP] second [SEP] and the label as given", () => {
    const batch = make().draw(pairs, createRandom(2)) as ReturnType<ReturnType<typeof make>["draw"]> & {
      tokenTypes: import("@tensorflow/tfjs-core").Tensor2D;
    };
    expect(batch.ids.shape).toEqual([6, 16]);
    expect([...batch.relation.dataSync()]).toEqual([0, 1, 0, 1, 0, 1]);
    expect(batch.tokenTypes.arraySync()[0]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    const ids = batch.ids.arraySync()[0]!;
    expect([ids[0], ids[4], ids[11]]).toEqual([2, 3, 3]);
  });

  it("starts at the logarithm of the vocabulary and of two relations", () => {
    const model = bertForPreTraining({ ...smallBert, initializer_range: 1e-4 }, createRandom(1));
    const method = bert(model, tokenizer);
    const loss = training(() => lossOf(method.loss(method.draw(pairs, createRandom(3))))).dataSync()[0];
    expect(loss).toBeCloseTo(Math.log(23) + Math.log(2), 2);
  });
});
