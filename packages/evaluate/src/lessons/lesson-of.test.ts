import { expect, it } from "vitest";
import { fineTuningRecord } from "../record/results.js";
import { circumstances } from "../testing/results.js";
import { byContender, type TaughtContender } from "./by-contender.js";
import { type LessonPlan, lessonOf } from "./lesson-of.js";

interface Answer extends TaughtContender {
  readonly labels: Int32Array;
}

const truth = Int32Array.from([0, 1]);
const found = {
  kind: "a table",
  parts: [],
  classes: [],
  passedOver: [{ what: "rows without a label", count: 1, names: [] }],
};
const plan: LessonPlan<{ test: readonly string[] }, Answer> = {
  summary: "pairs",
  hasClasses: false,
  hasShares: true,
  examples: "texts",
  answered: "answers",
  usual: { epochs: 4, batchSize: 16, learningRate: "by width" },
  async open({ data }, { onCorrupt }) {
    onCorrupt(new Error(`${data}: row 3 is torn`));
    return { test: ["a", "b"] };
  },
  found: () => found,
  *introduce({ test }) {
    yield `${test.length} are few`;
  },
  async *fineTune({ seeds }, _, { onProgress, print }) {
    print("learning");
    for (const seed of seeds)
      for (const contender of ["pretrained", "from scratch"] as const) {
        onProgress({ contender, seed });
        yield { contender, seed, labels: contender === "pretrained" ? truth : Int32Array.from([0, 0]) };
      }
  },
  describe: ({ labels }, _, asked) => [
    `${labels.filter((label, row) => label === truth[row]).length} right of ${asked}`,
    "and more",
  ],
  subject: async () => circumstances.subject,
  record: (results, _, told) =>
    fineTuningRecord(
      byContender(results, ({ labels }) => ({ labels, truth })),
      { train: { labels: truth, classes: 2 }, test: { labels: truth } },
      { ...told, task: circumstances.task },
    ),
};

it("opens, tells what was found, teaches both contenders and records what each answered", async () => {
  const [printed, shown]: [string[], string[]] = [[], []];
  const line = {
    print: (text: string) => void printed.push(text),
    show: (text: string) => void shown.push(text),
    end() {},
  };
  const engine = { name: "cpu", provider: "cpu", threads: 1, version: "0", kernels: null, why: "" } as const;
  const asked = { folder: "run", data: "pairs.tsv", seeds: [0, 1], epochs: 2, out: "taught" };
  const { summary, hasShares, teach } = lessonOf(plan);
  expect([summary, hasShares]).toEqual(["pairs", true]);
  const record = await teach(asked, { engine, line, signal: new AbortController().signal });
  expect(printed).toEqual([
    "skipped: pairs.tsv: row 3 is torn",
    "skipped in all: 1 text that could not be read",
    "a table",
    "  not read: 1 row without a label",
    "2 are few",
    "learning",
    "pretrained, seed 0: 2 right of 2 answers",
    "and more",
    "from scratch, seed 0: 1 right of 2 answers",
    "and more",
    "pretrained, seed 1: 2 right of 2 answers",
    "and more",
    "from scratch, seed 1: 1 right of 2 answers",
    "and more",
  ]);
  expect(shown[1]).toBe("from scratch, seed 1 of 2: answering 2 answers");
  expect(record.protocol.settings).toEqual({ epochs: 2, batchSize: 16, learningRate: "by width" });
  expect([record.scores[0].value, record.baselines.fromScratch?.[0].value]).toEqual([1, 0.5]);
  expect(record.scores[0].seeds).toEqual([0, 1]);
});
