import { createRandom, featureExtractor, nestedSubset } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { mul, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { circumstances } from "../testing/results.js";
import { tableOf } from "../testing/tables.js";
import { type Answered, ask, examine } from "./examination.js";
import { knn } from "./knn.js";

beforeAll(() => useTestBackend());

const labels = Array.from({ length: 40 }, (_, i) => i % 2);
const rows = labels.map((label, i) => [label === 0 ? 1 : -1, 0.01 * i]);
const part = (count: number) => ({
  examples: rows.slice(0, count).map((row, i) => ({ row, name: `${i}.png` })),
  labels: Int32Array.from(labels.slice(0, count)),
  hash: `sha256:${"1".repeat(64)}`,
});
type Example = ReturnType<typeof part>["examples"][number];

const examination = (made: { features: number }) =>
  examine<Example>(
    {
      data: { classes: ["a", "b"], train: part(40), test: part(6), isTestHeldOut: false },
      extractor: () =>
        featureExtractor(
          Object.assign((x: Tensor2D) => mul(x, 1), { featureSize: 2 }),
          {
            toInput: (some: readonly Example[]) => {
              made.features += 1;
              return tensor2d(some.map(({ row }) => row));
            },
          },
        ),
      rawFeatures: () => ({ train: tableOf(rows, labels, 2), test: tableOf(rows.slice(0, 6), labels.slice(0, 6), 2) }),
      nameOf: ({ name }) => name,
    },
    { modality: "image", name: "points", subject: circumstances.subject, parameters: 3 },
  );

const engine = { name: "cpu", provider: null, threads: 1, version: "0", kernels: null } as never;

it("answers each label budget, tells what was answered, and counts a share's labels", async () => {
  const told: Answered[] = [];
  const protocol = knn({ k: 1 });
  const questions = [{ protocol, labelShare: 0.1 }, { protocol, labelsPerClass: 3, seeds: [0, 1] }, { protocol }];
  const records = [];
  for await (const record of ask(examination({ features: 0 }), questions, {
    engine,
    seed: 0,
    onAnswered: (answered) => told.push(answered),
  }))
    records.push(record);
  expect(
    records.map(({ protocol: { settings, labelsPerClass } }) => [settings.labelShare, settings.labels, labelsPerClass]),
  ).toEqual([
    [0.1, 4, null],
    [undefined, undefined, 3],
    [undefined, undefined, null],
  ]);
  expect(records.map(({ scores }) => scores[0].seeds)).toEqual([[0, 1, 2, 3, 4], [0, 1], [0]]);
  expect(told.map(({ record }) => record.id)).toEqual(records.map(({ id }) => id));
  expect(told[0]!.examples).toEqual(["0.png", "1.png", "2.png", "3.png", "4.png", "5.png"]);
  for (const { answers, record } of told) {
    expect(Object.keys(answers).sort()).toEqual(["encoder", "randomInit", "rawFeatures"]);
    expect(answers.encoder).toHaveLength(record.scores[0].seeds.length);
    expect(Array.from(answers.encoder![0]!.labels)).toEqual([0, 1, 0, 1, 0, 1]);
  }
});

it("tells what an example costs, and what the features tell without labels", async () => {
  const answers = ask(examination({ features: 0 }), [{ protocol: knn({ k: 1 }) }], { engine, seed: 0 });
  const { value: record } = await answers.next();
  expect(record!.cost).toMatchObject({ flops: 2, parameters: 3 }); // x · 1 of two numbers
  expect(record!.labelFree).toMatchObject({ examples: 6, alphaReq: null, rankMe: expect.closeTo(1.14, 1) });
});

it("a seed's labels at 10 % are among its labels at 50 %", () => {
  const table = { labels: Int32Array.from(labels), classes: 2 };
  const drawn = (labelShare: number) =>
    nestedSubset(table, { labelShare }, createRandom(0).split("head 3").split("labels"));
  const more = new Set(drawn(0.5));
  expect(drawn(0.1).every((row) => more.has(row))).toBe(true);
});

it("refuses a share that leaves a class without labels before features are made", async () => {
  const made = { features: 0 };
  const answers = ask(examination(made), [{ protocol: knn(), labelShare: 0.01 }], { engine, seed: 0 });
  await expect(answers.next()).rejects.toThrow("1 % of the 20 training examples");
  expect(made.features).toBe(0);
});
