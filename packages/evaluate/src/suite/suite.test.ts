import { expect, it } from "vitest";
import { cellOf, hashOf } from "../testing/cells.js";
import { budgetsOf, type Cell, cellKey } from "./cell.js";
import { assertOneOfEach, parseSuite, parseTask } from "./suite.js";

const task = { name: "photos", modality: "image", data: "photos", protocol: "linear" };
const suite = (told: object) =>
  JSON.stringify({ schema: "autodidact.suite/1", encoders: ["runs/a"], tasks: [task], ...told });

it("fills in what is usual", () => {
  expect(parseSuite(suite({}), "suite.json").tasks).toEqual([{ ...task, version: 1, options: {}, seed: 0 }]);
  expect(parseTask(JSON.stringify({ ...task, labelShares: [0.1, 1] }), "task.json").labelShares).toEqual([0.1, 1]);
});

it.each([
  [{ encoders: [] }, "suite.json is not a suite", "encoders"],
  [{ tasks: ["task.json", { ...task, modality: "video" }] }, "tasks[1] of suite.json is not a task", "modality"],
  [{ tasks: [{ ...task, labelShares: [0] }] }, "tasks[0] of suite.json is not a task", "labelShares"],
  [{ task: [] }, "suite.json is not a suite", "task"],
])("refuses %j and names the place", (told, what, place) => {
  expect(() => parseSuite(suite(told), "suite.json")).toThrow(what);
  expect(() => parseSuite(suite(told), "suite.json")).toThrow(place);
});

it("refuses what is no JSON, and two of one name", () => {
  expect(() => parseSuite("{", "suite.json")).toThrow("suite.json must be a suite in JSON");
  expect(() => assertOneOfEach(["a", "b", "a"], "encoders", "suite.json")).toThrow('two encoders "a"');
});

it("asks few labels first, each budget once, all labels where none is told", () => {
  expect(budgetsOf({})).toEqual([{}]);
  expect(budgetsOf({ labelShares: [1, 0.01, 0.1, 0.1], labelsPerClass: [8] })).toEqual([
    { labelsPerClass: 8 },
    { labelShare: 0.01 },
    { labelShare: 0.1 },
    {},
  ]);
});

it("a cell is known by what it is, not by what it is called", () => {
  const cell = cellOf();
  const changed = (task: Partial<Cell["task"]>): Cell => ({ ...cell, task: { ...cell.task, ...task } });
  const same = [
    { ...cell, encoder: { ...cell.encoder, name: "another name" } },
    changed({ name: "another", reference: 0.9 }),
  ];
  for (const other of same) expect(cellKey(other)).toBe(cellKey(cell));
  const others = [
    { ...cell, encoder: { ...cell.encoder, hash: hashOf("retrained") } },
    changed({ version: 2 }),
    changed({ data: hashOf("another") }),
    changed({ protocol: { name: "knn", version: 3 } }),
    changed({ options: { k: 5 } }),
    changed({ budgets: [{ labelShare: 0.1 }] }),
    changed({ seed: 1 }),
    changed({ groups: { hash: hashOf("groups"), id: "path", columns: ["colour"] } }),
  ];
  expect(new Set([cell, ...others].map(cellKey)).size).toBe(others.length + 1);
});
