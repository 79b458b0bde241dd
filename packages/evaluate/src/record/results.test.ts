import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { ClassAnswer } from "../classes/accuracy.js";
import { knn } from "../classes/knn.js";
import { compare } from "../measure.js";
import { verification } from "../pairs/verification.js";
import { circumstances } from "../testing/results.js";
import { tableOf } from "../testing/tables.js";
import { formatRecord, parseRecord } from "./record.js";
import { recordTable } from "./record-table.js";
import {
  entityRecord,
  fineTuningRecord,
  perplexityRecord,
  probeRecord,
  questionAnsweringRecord,
  tokenLabelsRecord,
  transcriptionRecord,
  translationRecord,
} from "./results.js";

beforeAll(() => useTestBackend());

const random = createRandom(0);
const text = { ...circumstances, task: { ...circumstances.task, classes: null, modality: "text" as const } };
/** Accuracy, then what stands beside it. */
const ofClasses = (accuracy: object) => [accuracy, { metric: { name: "macroF1" } }, { metric: { name: "mcc" } }];
const namesOf = (scores: readonly { metric: { name: string } }[]) => scores.map(({ metric }) => metric.name);

describe("probeRecord", () => {
  it("says what compare found", async () => {
    const train = tableOf([[1, 0], [0, 1]], [0, 1], 2); // biome-ignore format: two rows
    const contender = { train, test: train };
    const given = { encoder: contender, rawFeatures: contender, randomInit: contender };
    const comparison = await compare(knn({ k: 1 }), given, { random });
    const record = probeRecord(knn({ k: 1 }), comparison, { ...circumstances, labelsPerClass: 10 });
    expect(record).toMatchObject({
      kind: "classes",
      protocol: { name: "knn", settings: { k: 1 }, labelsPerClass: 10 },
      scores: ofClasses({ value: 1, chance: 0.5 }),
      baselines: { rawFeatures: ofClasses({ value: 1 }), randomInit: ofClasses({ value: 1 }), fromScratch: null },
    });
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });

  it("says it of pairs as well", async () => {
    const features = { values: Float32Array.of(1, 0, 1, 0, 0, 1), count: 3, size: 2 };
    const trials = { features, first: [0, 0], second: [1, 2], isSame: [1, 0] };
    const given = { encoder: trials, rawFeatures: trials, randomInit: trials };
    const comparison = await compare(verification(), given, { random });
    const { kind, scores } = probeRecord(verification(), comparison, circumstances);
    expect([kind, ...namesOf(scores)]).toEqual(["pairs", "eer", "minDcf", "auc"]);
  });
});

describe("perplexityRecord", () => {
  const tokens = { nats: [30, 10], right: [3, 2], tokens: [10, 5] };
  const unigram = { tokens: { nats: [90], right: [1], tokens: [15] } };

  it("has nats first, bits a byte where every token was predicted, beside token frequencies", () => {
    const model = { tokens };
    const options = {
      ...text,
      settings: { predicted: "windows", limit: undefined },
      seed: 3,
      random,
      bytesPerToken: 4,
    };
    const record = perplexityRecord({ model, randomInit: model, unigram }, options);
    expect(record).toMatchObject({
      kind: "tokens",
      protocol: { name: "perplexity", settings: { predicted: "windows" } },
    });
    expect(namesOf(record.scores)).toEqual(["nats", "bitsPerByte", "tokensRight"]);
    expect(record.scores[0]).toMatchObject({ value: 40 / 15, interval: [2, 3], seeds: [3], chance: null });
    expect(record.scores[1]!.value).toBeCloseTo(40 / 15 / Math.LN2 / 4, 12);
    expect(record.baselines.rawFeatures![0]).toMatchObject({ value: 6, interval: null });
    expect(record.baselines.fromScratch).toBeNull();
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });

  it("has pairs right beside the commoner relation, which frequencies do not know", () => {
    const model = { tokens, pairs: { right: [1, 1, 0], pairs: [1, 1, 1], share: 0.4 } };
    const options = { ...text, settings: {}, seed: 0, random, groups: ["a", "b"] };
    const record = perplexityRecord({ model, randomInit: null, unigram }, options);
    expect(namesOf(record.scores)).toEqual(["nats", "tokensRight", "pairsRight"]);
    expect(record.scores[2]).toMatchObject({ value: 2 / 3, chance: 0.6 });
    expect(namesOf(record.baselines.rawFeatures!)).toEqual(["nats", "tokensRight"]);
  });
});

describe("fineTuningRecord", () => {
  const truth = [0, 1, 1, 0];
  const answered = (...labels: number[]): ClassAnswer => ({ labels, truth });
  const labels = { train: { labels: Int32Array.of(0, 1, 1), classes: 2 }, test: { labels: Int32Array.from(truth) } };

  it("has the pretrained model's accuracy beside that from scratch, over the same seeds", () => {
    const record = fineTuningRecord(
      {
        pretrained: [answered(0, 1, 1, 0), answered(0, 1, 1, 1)],
        fromScratch: [answered(0, 0, 0, 0), answered(1, 1, 1, 1)],
      },
      labels,
      { ...circumstances, settings: { epochs: 4 }, seeds: [0, 1], random, labelsPerClass: 100 },
    );
    expect(record).toMatchObject({
      kind: "classes",
      protocol: { name: "finetune", settings: { epochs: 4 }, labelsPerClass: 100 },
      scores: ofClasses({ value: 0.875, values: [1, 0.75], seeds: [0, 1], chance: 0.5 }),
      baselines: { rawFeatures: null, randomInit: null, fromScratch: ofClasses({ values: [0.5, 0.5], deviation: 0 }) },
    });
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });
});

describe("questionAnsweringRecord", () => {
  it("has F1 first, then exact match", () => {
    const right = [["the Denver Broncos"], ["1905"]];
    const record = questionAnsweringRecord(
      { pretrained: [{ found: ["Denver", "1905"], right }], fromScratch: null },
      { ...text, settings: {}, seeds: [0], random },
    );
    expect(record.kind).toBe("spans");
    expect(record.scores.map(({ metric, value }) => [metric.name, value])).toEqual([
      ["f1", (2 / 3 + 1) / 2],
      ["exactMatch", 0.5],
    ]);
    expect(record.baselines.fromScratch).toBeNull();
  });
});

describe("transcriptionRecord", () => {
  it("has the word error rate first, beside that from scratch", () => {
    const right = ["one two", "three"];
    const record = transcriptionRecord(
      { pretrained: [{ found: ["one two", "tree"], right }], fromScratch: [{ found: ["", "three"], right }] },
      { ...text, settings: { share: 0.1 }, seeds: [0], random, groups: ["a", "b"] },
    );
    expect(record).toMatchObject({ kind: "sequences", protocol: { name: "finetune", settings: { share: 0.1 } } });
    expect(record.scores.map(({ metric, value }) => [metric.name, value])).toEqual([
      ["wer", 1 / 3],
      ["cer", 1 / 12],
      ["ser", 1 / 2],
    ]);
    expect(record.baselines.fromScratch![0]).toMatchObject({ value: 2 / 3 });
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });
});

describe("translationRecord", () => {
  it("has BLEU first, then chrF, and says of few sentences that they are few", () => {
    const right = ["the cat sat on the mat", "it rains in Rome today"];
    const found = ["the cat sat on the rug", "it rains in Rome today"];
    const record = translationRecord(
      { pretrained: [{ found, right }], fromScratch: [{ found: ["", ""], right }] },
      { ...text, settings: { beams: 4 }, seeds: [0], random },
    );
    expect(record).toMatchObject({ kind: "sequences", protocol: { settings: { beams: 4 } } });
    expect(namesOf(record.scores)).toEqual(["bleu", "chrf"]);
    expect(record.baselines.fromScratch![0].value).toBe(0);
    expect(recordTable([record])).toMatch(/BLEU, % \(n 5\) +chrF, %/);
    expect(recordTable([record])).toContain("5 test sentences tell little");
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });
});

describe("records of labelled tokens", () => {
  it("have F1 of whole entities, and each type of them", () => {
    const truth = [["B-PER", "I-PER", "O"], ["B-LOC"]];
    const labels = [["B-PER", "I-PER", "O"], ["O"]];
    const record = entityRecord(
      { pretrained: [{ labels, truth }], fromScratch: null },
      { types: ["LOC", "PER"], train: [["B-PER", "O", "B-PER"]] },
      { ...text, task: { ...text.task, classes: ["LOC", "PER"] }, settings: {}, seeds: [0], random },
    );
    expect(record.kind).toBe("labels");
    expect(record.scores.map(({ metric, value }) => [metric.name, value])).toEqual([
      ["f1", 2 / 3],
      ["precision", 1],
      ["recall", 1 / 2],
    ]);
    expect(record.scores[0].perClass).toMatchObject([
      { learnedFrom: 0, examples: 1, f1: 0 },
      { learnedFrom: 2, examples: 1, f1: 1 },
    ]);
    expect(recordTable([record])).toContain("the training part has no example of LOC");
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });

  it("have accuracy and macro F1 of tokens, whose sentences are drawn whole", () => {
    const truth = [0, 0, 1, 2];
    const labels = {
      train: { labels: Int32Array.of(0, 1, 2, 0), classes: 3 },
      test: { labels: Int32Array.from(truth) },
    };
    const record = tokenLabelsRecord({ pretrained: [{ labels: [0, 0, 1, 1], truth }], fromScratch: null }, labels, {
      ...text,
      task: { ...text.task, classes: ["C", "E", "H"] },
      settings: {},
      seeds: [0],
      random,
      groups: [0, 0, 1, 1],
    });
    expect(record).toMatchObject({
      kind: "labels",
      scores: [{ value: 0.75, chance: 0.5 }, { metric: { name: "macroF1" } }],
    });
    expect(record.scores[0].interval![0]).toBeLessThan(0.5); // Wilson's, of two sentences
    expect(recordTable([record])).not.toContain("every test example");
  });
});
