/** A store of 10,000 cells: the first view waits for no reading and no bootstrap. */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { formatCell } from "@autodidact/evaluate";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LeaderboardView, Overview } from "../api.js";
import { smallCell } from "../testing/small-store.js";
import { serveDashboard } from "./serve-dashboard.js";

const [MODELS, TASKS] = [100, 100];
let root: string;
const lineOf = (model: number, task: number) =>
  `${formatCell(smallCell({ model: `model ${model}`, task: `task ${task}`, right: (model * 7 + task) % 41 }))}\n`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "many-cells-"));
  await mkdir(join(root, "store"));
  const lines: string[] = [];
  for (let model = 0; model < MODELS; model++) for (let task = 0; task < TASKS; task++) lines.push(lineOf(model, task));
  await writeFile(join(root, "store", "cells.jsonl"), lines.join(""));
});
afterAll(() => rm(root, { recursive: true }));

it("answers the first view within a second, also while the store is read anew", async () => {
  const { url, found, close } = await serveDashboard({ root, store: join(root, "store"), port: 0 });
  expect(found.store).toMatchObject({ cells: MODELS * TASKS, failed: 0, outdated: 0 });
  const overview = async () => {
    const begun = performance.now();
    const answer = (await (await fetch(new URL("api/overview", url))).json()) as Overview;
    expect(performance.now() - begun).toBeLessThan(1000);
    return answer.store!.cells;
  };
  expect(await overview()).toBe(MODELS * TASKS);
  const board = (await (await fetch(new URL("api/leaderboard?modality=image", url))).json()) as LeaderboardView;
  expect(board.tasks.map(({ rows }) => rows.length)).toEqual(Array(TASKS).fill(MODELS));
  await appendFile(join(root, "store", "cells.jsonl"), lineOf(MODELS, 0));
  while ((await overview()) === MODELS * TASKS) await wait(50);
  await close();
});
