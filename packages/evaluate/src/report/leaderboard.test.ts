import fc from "fast-check";
import { expect, it } from "vitest";
import type { CellRecord } from "../store/cell-record.js";
import type { Predictions } from "../store/predictions.js";
import { type MadeCell, madeCell } from "../testing/cells.js";
import { leaderboard } from "./leaderboard.js";

function storeOf(...made: MadeCell[]): { cells: CellRecord[]; predictions: Map<string, Predictions> } {
  const all = made.map(madeCell);
  return {
    cells: all.map(({ record }) => record),
    predictions: new Map(all.flatMap(({ predictions }) => [...predictions])),
  };
}
const right = (count: number, examples = 60) => Array.from({ length: examples }, (_, i) => i < count);

it("ranks each task and all of a modality, and compares pairs", () => {
  const { cells, predictions } = storeOf(
    { encoder: "good", right: right(58) },
    { encoder: "bad", right: right(30) },
    { encoder: "good", task: "shapes", right: right(50) },
    { encoder: "bad", task: "shapes", right: right(20) },
    { encoder: "reader", task: "mails", modality: "text", right: right(40) },
  );
  const board = leaderboard(cells, { predictions });
  expect(board.tasks.map(({ name, rows }) => [name, rows.map(({ model, rank }) => [model, rank])])).toEqual([
    [
      "stripes",
      [
        ["good", 1],
        ["bad", 2],
      ],
    ],
    [
      "shapes",
      [
        ["good", 1],
        ["bad", 2],
      ],
    ],
    ["mails", [["reader", 1]]],
  ]);
  expect(board.tasks[0]!.pairs).toMatchObject([
    { first: "good", second: "bad", difference: expect.closeTo(28 / 60, 9) },
  ]);
  expect(board.tasks[0]!.pairs[0]!.adjusted).toBeLessThan(0.01);
  const [image, text] = board.overall;
  expect(image!.models).toMatchObject([
    { model: "good", rank: 1, rankInterval: [1, 1], borda: 1, macro: { covered: 2, tasks: 3 } },
    { model: "bad", rank: 2, borda: 0 },
  ]);
  expect(image!.models[0]!.macro.modalities.image!.mean).toBeCloseTo((58 + 50) / 60 - 1, 6); // chance is a half
  expect([text!.models.length, image!.rankedOn]).toEqual([1, ["stripes", "shapes"]]);
});

it("hiding rows never changes another's rank", () => {
  const model = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(
      fc.array(model, { minLength: 2, maxLength: 5 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      (counts, hides) => {
        const names = counts.map((_, place) => `model ${place}`);
        const { cells, predictions } = storeOf(
          ...counts.map((count, place) => ({ encoder: names[place]!, right: right(count, 20) })),
        );
        const hidden = names.filter((_, place) => hides[place]);
        const [all, some] = [leaderboard(cells, { predictions }), leaderboard(cells, { predictions, hidden })];
        const isShown = ({ model: name }: { model: string }) => !hidden.includes(name);
        expect(some.tasks[0]!.rows).toEqual(all.tasks[0]!.rows.filter(isShown));
        expect(some.overall[0]!.models).toEqual(all.overall[0]!.models.filter(isShown));
      },
    ),
    { numRuns: 6 },
  );
});

it("ranks the declared universe alone", () => {
  const { cells, predictions } = storeOf({ encoder: "best", right: right(60) }, { encoder: "a", right: right(30) });
  const { tasks } = leaderboard(cells, { predictions, universe: ["a"] });
  expect(tasks[0]!.rows.map(({ model, rank }) => [model, rank])).toEqual([["a", 1]]);
});

it("ranks by intervals where answers are not known", () => {
  const { cells } = storeOf({ encoder: "good", right: right(58) }, { encoder: "bad", right: right(30) });
  const [task] = leaderboard(cells).tasks;
  expect(task!.rows.map(({ model, rank, rankInterval }) => [model, rank, rankInterval])).toEqual([
    ["good", 1, null],
    ["bad", 2, null],
  ]);
  expect(task!.pairs).toEqual([]);
});

it("leaves out earlier weights and earlier forms of a task, and says how many", () => {
  const { cells, predictions } = storeOf(
    { weights: "old", right: right(10) },
    { weights: "new", right: right(50), createdAt: "2026-12-02T00:00:00.000Z" },
  );
  const board = leaderboard(cells, { predictions });
  expect([board.outdated, board.tasks[0]!.rows.length]).toEqual([1, 1]);
  expect(board.tasks[0]!.rows[0]!.record.scores[0].value).toBeCloseTo(50 / 60, 9);
});

it("has curves over shares of labels, groups, and failures", () => {
  const groups = { colour: right(30).map((isRed) => (isRed ? "red" : "blue")) };
  const { cells, predictions } = storeOf(
    { right: right(30), shares: [0.01, 0.1, 1], groups },
    { encoder: "mae", error: "no memory", shares: [0.01, 0.1, 1] },
  );
  const board = leaderboard(cells, { predictions });
  const [row] = board.tasks[0]!.rows;
  expect(row!.curves.map(({ contender, points }) => [contender, points.length])).toEqual([
    ["pretrained", 3],
    ["random init", 3],
    ["raw features", 3],
  ]);
  expect(row!.curves[0]!.area).toBeGreaterThan(0.2);
  expect(row!.groups[0]).toMatchObject({
    column: "colour",
    scores: { worst: { group: "blue", score: 0 } },
    odds: { difference: 1 },
  });
  expect(board.failed).toHaveLength(1);
});
