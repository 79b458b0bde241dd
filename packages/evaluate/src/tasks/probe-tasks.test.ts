import { createRandom } from "@autodidact/core";
import { flag } from "@autodidact/core/cards";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, expect, it } from "vitest";
import { circumstances } from "../testing/results.js";
import { tableOf } from "../testing/tables.js";
import type { Asked } from "./evaluation-task.js";
import { type ProbedExamination, probeTasks } from "./probe-tasks.js";

beforeAll(() => useTestBackend());

const random = createRandom(0);
const labels = Array.from({ length: 24 }, (_, row) => row % 2);
const part = () =>
  tableOf(
    labels.map((label) => [2 * label - 1 + random.normal(0, 0.1), 0.5]),
    labels,
    2,
  );
const features = { train: part(), test: part() };
const examination: ProbedExamination = {
  task: circumstances.task,
  subject: circumstances.subject,
  labels: { train: features.train, test: features.test },
  contenders: async () => ({ encoder: features, randomInit: features, rawFeatures: features }),
  probe: { normalize: "batch-norm" },
};
const seen: unknown[] = [];
const tasks = probeTasks(
  async (folder, data, { perClass, typed }) => {
    seen.push([folder, data, perClass, typed?.isRead]);
    return examination;
  },
  { isRead: flag("whether it is") },
  { layerSum: flag("of the probe alone") },
);

async function answered(name: "knn" | "linear", asked: Partial<Asked>, own: Record<string, unknown> = {}) {
  const printed: string[] = [];
  const line = { print: (text: string) => void printed.push(text), show() {}, end() {} };
  const engine = { name: "cpu", provider: "cpu", threads: 1, version: "0", kernels: null, why: "" } as const;
  const records = [];
  const session = { engine, line, signal: new AbortController().signal };
  for await (const record of tasks[name]!.run({ folder: "run", data: "points", seed: 0, ...asked }, own, session))
    records.push(record);
  return { records, printed };
}

it("asks an encoder by both probes, with the options of its data", async () => {
  expect(Object.keys(tasks.knn!.options)).toEqual(["k", "temperature", "isRead"]);
  expect(Object.keys(tasks.linear!.options)).toEqual(["solver", "normalize", "isRead", "layerSum"]);
  const { records, printed } = await answered("knn", { perClass: 5, seeds: 3 }, { isRead: true });
  expect(seen.at(-1)).toEqual(["run", "points", 5, true]);
  expect(records[0]!.scores[0].value).toBe(1);
  expect(printed).toEqual(["knn of all labels has no chance in it: 3 seeds would answer alike, one does."]);
});

it("gives a record for each label budget; what is told goes before what suits the encoder", async () => {
  const { records } = await answered("knn", { budgets: [{ labelsPerClass: 2 }, {}], seeds: 2 });
  expect(records.map(({ protocol, scores }) => [protocol.labelsPerClass, scores[0].seeds.length])).toEqual([
    [2, 2],
    [null, 1],
  ]);
  const told = await answered("linear", { labelsPerClass: 2, seeds: 1 }, { normalize: "standardize" });
  expect(told.records[0]!.protocol.settings).toMatchObject({ solver: "lbfgs" });
  expect(told.records[0]!.protocol.settings).not.toHaveProperty("normalize");
});

it("refuses more neighbours than a class has before features are made", async () => {
  await expect(answered("knn", {}, { k: 13 })).rejects.toThrow(
    "`k` must be at most 12, the training examples of the largest class, got 13",
  );
  await expect(answered("knn", { labelsPerClass: 3 }, { k: 4 })).rejects.toThrow("at most 3, the labels of a class");
});
