import { expect, it } from "vitest";
import { circumstances } from "../testing/results.js";
import { describeProtocol, describeScore, rawFeaturesWin, recordTable } from "./record-table.js";
import type { ResultRecord, Score } from "./schema.js";

const score = (value: number, deviation: number | null = null): Score => ({
  metric: { name: "accuracy", better: "higher", unit: "share" },
  value,
  interval: [value - 0.01, value + 0.02],
  deviation,
  seeds: [0],
  values: [value],
  chosen: [],
  chance: 0.1,
});
/** Of cats and dogs, as `judge` has them. */
const ofClasses = (test: number, perClass: object[]): ResultRecord => {
  const metrics = { macroF1: "share", mcc: "correlation" };
  const scores = (value: number) => [
    { ...score(value), chosen: [{ kUsed: 10 }] },
    ...Object.entries(metrics).map(([name, unit]) => ({
      ...score(value),
      metric: { name, better: "higher", unit },
      ...(name === "macroF1" ? { perClass } : {}),
    })),
  ];
  return {
    kind: "classes",
    task: { modality: "image", classes: ["cat", "dog"], test: { examples: test } },
    subject: { method: "simclr" },
    cost: circumstances.cost,
    protocol: { name: "knn", settings: {}, labelsPerClass: null },
    scores: scores(0.9),
    baselines: { rawFeatures: scores(0.8), randomInit: scores(0.5), fromScratch: null },
  } as unknown as ResultRecord;
};
const record = (labelsPerClass: number | null, ours: number, raw: number): ResultRecord =>
  ({
    task: { modality: "image" },
    subject: { method: "simclr" },
    cost: circumstances.cost,
    protocol: { name: "knn", settings: {}, labelsPerClass },
    scores: [score(ours, 0.004)],
    baselines: { rawFeatures: [score(raw)], randomInit: [score(0.5)], fromScratch: null },
  }) as unknown as ResultRecord;

it("writes a score with its interval, and its deviation where there is one", () => {
  expect(describeScore(score(0.912))).toBe("91.2 (90.2–93.2)");
  expect(describeScore(score(0.912, 0.004))).toBe("91.2 ± 0.4 (90.2–93.2)");
});

it("tells how few images masks and boxes were judged on", () => {
  const of = (kind: string, examples: number) =>
    recordTable([
      {
        kind,
        task: { modality: "image", classes: null, test: { examples } },
        subject: { method: "mae" },
        cost: circumstances.cost,
        protocol: { name: "finetune", settings: {}, labelsPerClass: null },
        scores: [
          { ...score(0.5), metric: { name: kind === "dense" ? "miou" : "ap", better: "higher", unit: "share" } },
        ],
        baselines: { rawFeatures: null, randomInit: null, fromScratch: null },
      } as unknown as ResultRecord,
    ]);
  expect(of("dense", 8)).toContain("mean IoU, % (n 8)");
  expect(of("dense", 8)).toContain("Note: 8 test images tell little");
  expect(of("boxes", 1)).toContain("AP, % (n 1)");
  expect(of("boxes", 1)).toContain("Note: 1 test image tells little");
  expect(of("boxes", 100)).not.toMatch(/Note|\(n /);
});

it("puts each contender in a row and each protocol in a column", () => {
  const lines = recordTable([record(null, 0.9, 0.8), record(10, 0.6, 0.7)]).split("\n");
  expect(lines[0]).toMatch(/kNN, all labels +kNN, 10 labels a class$/);
  expect(lines.slice(2).map((line) => line.slice(0, 18).trim())).toEqual([
    "simclr, pretrained",
    "raw pixels",
    "random init",
    "chance",
  ]);
  expect(lines[3]).toMatch(/80\.0 \(79\.0–82\.0\) +70\.0 ± – \(69\.0–72\.0\)$/);
});

it("of one draw of labels the spread is not known, which is not 0", () => {
  expect(describeScore(score(0.912), { isDrawn: true })).toBe("91.2 ± – (90.2–93.2)");
});

it("has F1 and MCC beside accuracy, how many voted, and each class", () => {
  const half = { learnedFrom: 50, examples: 100, precision: 0.5, recall: 0.25, f1: 1 / 3 };
  const lines = recordTable([ofClasses(200, [half, { ...half, learnedFrom: 40 }])]).split("\n");
  expect(lines[0]).toMatch(/^kNN of 10, all labels +accuracy, % +macro F1, % +MCC$/);
  expect(lines[2]).toMatch(/^simclr, pretrained +90\.0 \(89\.0–92\.0\) +90\.0 .* 0\.9000 \(0\.8900–0\.9200\)$/);
  expect(lines[7]).toMatch(/^pretrained, class by class +training +test +precision, % +recall, % +F1, %$/);
  expect(lines[9]).toMatch(/^cat +50 +100 +50\.0 +25\.0 +33\.3$/);
  expect(lines).toHaveLength(11);
});

it("tells a small test set where the eye is, and what is not asked or not taught", () => {
  const cat = { learnedFrom: 0, examples: 2, precision: 1, recall: 1, f1: 1 };
  const table = recordTable([ofClasses(2, [cat, { ...cat, learnedFrom: 9, examples: 0 }])]);
  expect(table).toMatch(/accuracy, % \(n 2\)/);
  expect(table).toMatch(/^dog +9 +0 +– +– +–$/m);
  expect(table).toContain("2 test examples tell little");
  expect(table).toContain("every test example is cat");
  expect(table).toContain("the training part has no example of cat");
  const both = recordTable([
    ofClasses(200, [
      { ...cat, learnedFrom: 1 },
      { ...cat, learnedFrom: 1 },
    ]),
  ]);
  expect(both).not.toContain("Note");
});

it("tells how many recordings transcripts rest on, where these are few", () => {
  const rate = {
    ...score(0.25),
    metric: { name: "wer", better: "lower", unit: "errors a word" },
    chance: null,
  } as const;
  const transcripts = (examples: number) => {
    const task = { ...ofClasses(examples, []).task, modality: "speech", classes: null } as const;
    return recordTable([{ ...ofClasses(examples, []), kind: "sequences", task, scores: [rate] }]);
  };
  expect(transcripts(8)).toMatch(/^ +wer \(n 8\)/);
  expect(transcripts(8)).toContain("Note: 8 test recordings tell little. The intervals, bootstrapped over them,");
  expect(transcripts(1)).toContain("Note: 1 test recording tells little.");
  expect(transcripts(100)).not.toMatch(/Note|n 100/);
});

it("tells what each layer counts for in a learned sum", () => {
  const summed = {
    ...score(0.9),
    chosen: [
      { l2: 1, layer0: 0.25, layer1: 0.75 },
      { l2: 1, layer0: 0.35, layer1: 0.65 },
    ],
  };
  const plain = ofClasses(200, []);
  const { baselines } = plain;
  const text = recordTable([{ ...plain, scores: [summed], baselines: { ...baselines, randomInit: [summed] } }]);
  expect(text).toMatch(/^share of each layer, % +0 +1$/m);
  expect(text).toMatch(/^simclr, pretrained +30\.0 +70\.0$/m);
  expect(text.match(/^random init +30\.0 +70\.0$/gm)).toHaveLength(1);
  expect(recordTable([plain])).not.toContain("share of each layer");
});

it("tells under the scores what the encoder costs, and what its features tell without labels", () => {
  const plain = ofClasses(200, []);
  expect(recordTable([plain])).not.toMatch(/FLOPs|RankMe/);
  const text = recordTable([
    {
      ...plain,
      cost: { ...plain.cost, flops: 1000, parameters: 20 },
      labelFree: { examples: 200, rankMe: 7, alphaReq: 1, uniformity: -2 },
    },
  ]);
  expect(text).toContain(
    "1 kFLOPs an example, forward; 20 parameters\nWithout labels, of 200 test examples: RankMe 7.0,",
  );
});

it("says where raw pixels win", () => {
  expect(rawFeaturesWin([record(null, 0.9, 0.8), record(10, 0.6, 0.7)])).toEqual(["kNN, 10 labels a class"]);
});

it("says a share of the labels, a norm before the head and a middle layer", () => {
  const described = (protocol: object) =>
    describeProtocol({ scores: [{ chosen: [{}] }], protocol: { labelsPerClass: null, ...protocol } } as never);
  const shared = { epochs: 4, labelShare: 0.01, labels: 500 };
  expect(described({ name: "finetune", settings: shared })).toBe("fine-tuned, 1 % of the labels (500)");
  const probe = { normalize: "batch-norm", layer: "layer3" };
  expect(described({ name: "linear", settings: probe })).toBe("linear probe after a batch norm on layer3, all labels");
  expect(described({ name: "knn", settings: { layer: "7" } })).toBe("kNN on layer 7, all labels");
});
