/** Cells in processes of their own, by a program that needs no engine. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resultsOf } from "../store/cell-record.js";
import { openStore, type ResultStore } from "../store/result-store.js";
import { cellOf, madeCell } from "../testing/cells.js";
import { cellKey } from "./cell.js";
import { cellsDone, cellsLeft, describePlan } from "./cells-left.js";
import type { Plan, PlannedCell } from "./plan-cells.js";
import { runCells } from "./run-cells.js";
import { taskSchema } from "./suite.js";

let folder: string;
let store: ResultStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  store = await openStore(join(folder, "store"));
  await writeFile(join(folder, "program.mjs"), program);
});
afterEach(() => rm(folder, { recursive: true }));

const [answered] = resultsOf(madeCell().record);
/** What it does is the folder that it is asked of. */
const program = `
const say = (message) => new Promise((resolve) => process.send(message, undefined, undefined, resolve));
process.once("message", async ({ folder, engine }) => {
  await say({ show: "at work" });
  if (folder === "killed") process.kill(process.pid, "SIGKILL");
  if (folder === "large") globalThis.held = Buffer.alloc(3e8, 1);
  if (folder === "large" || folder === "long") return void setTimeout(() => {}, 60_000);
  if (folder === "broken") await say({ error: "no labels for " + engine.engine });
  else {
    await say({ print: process.argv[2] });
    await say({ answer: ${JSON.stringify({ record: answered?.record, predictions: null })} });
    if (folder === "torn") process.stderr.write("half done");
    else await say({ isDone: true });
  }
  process.disconnect();
});`;

function planned(name: string): PlannedCell {
  const cell = cellOf({ encoder: name });
  const task = taskSchema.parse({ name: "stripes", modality: "image", data: "stripes", protocol: "knn" });
  return { key: cellKey(cell), cell, folder: name, task, budgets: [{}] };
}

async function run(names: readonly string[], signal = new AbortController().signal, memoryLimit = 2 ** 40) {
  const printed: string[] = [];
  const shown: string[] = [];
  const line = {
    print: (text: string) => void printed.push(text),
    show: (text: string) => void shown.push(text),
    end() {},
  };
  const told = (message: string) => message.replace("`memoryLimit`", "--memory");
  const starting = {
    program: { module: join(folder, "program.mjs"), args: ["a note"] },
    engine: { engine: "cpu" } as const,
  };
  await runCells(names.map(planned), store, { ...starting, memoryLimit, signal, line, told });
  return { printed, shown };
}

it("keeps what a cell answered, and goes on after one that fails, dies or ends early", async () => {
  const { printed, shown } = await run(["broken", "killed", "torn", "fine"]);
  expect(store.cells.map(({ cell, outcome }) => [cell.encoder.name, outcome.status])).toEqual([
    ["broken", "failed"],
    ["killed", "failed"],
    ["torn", "failed"],
    ["fine", "done"],
  ]);
  const errors = store.cells.map(({ outcome }) => (outcome.status === "failed" ? outcome.error : ""));
  expect(errors[0]).toBe("no labels for cpu");
  expect(errors[1]).toContain("ended by SIGKILL, as a system does that is out of memory");
  expect(errors[2]).toBe("The cell's process ended by exit code 0. It said: half done");
  expect(printed).toContain("fine × stripes: a note");
  expect(printed.at(-1)).toMatch(/^done {4}fine × stripes, knn: accuracy 50\.0 \(45\.0–55\.0\) {2}0:0\d$/);
  expect(shown.some((text) => text.startsWith("cell 4 of 4  fine × stripes  at work"))).toBe(true);
}, 30_000);

it.skipIf(process.platform === "win32")(
  "ends a cell that holds too much, and says so in the caller's words",
  async () => {
    await run(["large"], undefined, 2.5e8);
    const [cell] = store.cells;
    expect(cell!.outcome).toMatchObject({
      error: expect.stringMatching(/held \d+ MB, over the limit of 238 MB.*by --memory/),
    });
  },
  30_000,
);

it("stops where it is asked to, and keeps nothing of the cell at work", async () => {
  const stop = new AbortController();
  const running = run(["long"], stop.signal);
  setTimeout(() => stop.abort(new Error("stopped")), 300);
  await expect(running).rejects.toThrow("stopped");
  expect(store.cells).toEqual([]);
}, 30_000);

it("tells which cells are left, failed ones when they are to be tried again", async () => {
  const plan: Plan = {
    cells: ["simclr", "mae", "new"].map(planned),
    passedOver: [{ encoder: "gpt", task: "stripes", why: "it is of text" }],
  };
  await store.append(madeCell().record);
  await store.append(madeCell({ encoder: "mae", error: "out of memory" }).record);
  const names = (cells: readonly PlannedCell[]) => cells.map(({ folder: name }) => name);
  expect(names(cellsLeft(plan, store))).toEqual(["new"]);
  expect(names(cellsLeft(plan, store, { retryFailed: true }))).toEqual(["mae", "new"]);
  expect(names(cellsDone(plan.cells, store))).toEqual(["simclr"]);
  expect([...describePlan(plan, store, cellsLeft(plan, store), "--again")]).toEqual([
    "done    simclr × stripes, knn",
    "failed  mae × stripes, knn",
    "to run  new × stripes, knn",
    "not     gpt × stripes: it is of text",
    "3 cells, 1 to run. 1 failed before: --again runs them again.",
  ]);
});
