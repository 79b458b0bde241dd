/** The thread's program is the built one. */
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { LeaderboardView } from "../api.js";
import { writeSmallStore } from "../testing/small-store.js";
import { storeDesk } from "./store-desk.js";
import { readStore, type StoreMessage } from "./store-reading.js";

const SCRIPT = "<script>alert(1)</script>";
let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "store-desk-"));
  folder = join(root, "store");
  await writeSmallStore(folder, [
    { model: SCRIPT, right: 36 },
    { model: "mae", right: 20 },
    { model: "mae", task: "shapes", error: "no memory" },
    { model: "bert", task: "mails", modality: "text", right: 30 },
  ]);
  await appendFile(join(folder, "cells.jsonl"), '{"half');
});
afterAll(() => rm(root, { recursive: true }));
let ending = new AbortController();
afterEach(() => {
  ending.abort(new Error("the test is over"));
  ending = new AbortController();
});

async function read(): Promise<StoreMessage[]> {
  const messages: StoreMessage[] = [];
  await readStore(folder, (message) => messages.push(message));
  return messages;
}

it("a store is summed up at once, and ranked by intervals; then by the bootstrap", async () => {
  const [first, second] = await read();
  expect(first).toMatchObject({
    summary: { cells: 4, failed: 1, damagedLines: 1, outdated: 0, modalities: ["image", "text"] },
  });
  const [quick, whole] = [
    JSON.parse((first as { preliminary: { all: string } }).preliminary.all),
    JSON.parse((second as { boards: { all: string } }).boards.all),
  ] as LeaderboardView[];
  expect([quick!.isPreliminary, whole!.isPreliminary]).toEqual([true, false]);
  expect(quick!.tasks[0]!.pairs).toEqual([]);
  expect(
    whole!.tasks.map(({ name, modality, rows }) => [name, modality, rows.map(({ model, rank }) => [model, rank])]),
  ).toEqual([
    [
      "stripes",
      "image",
      [
        [SCRIPT, 1],
        ["mae", 2],
      ],
    ],
    ["mails", "text", [["bert", 1]]],
  ]);
  const [row] = whole!.tasks[0]!.rows;
  expect(row).toMatchObject({
    score: { metric: "accuracy", unit: "share", better: "higher", value: 0.9, seeds: 1, chance: 0.5 },
    rawFeatures: 0.9,
    fromScratch: null,
    cost: {
      parameters: null,
      flops: 2e6,
      wallSeconds: 1.5,
      cpuSeconds: null,
      peakMemoryBytes: 1e9,
      energyJoules: null,
    },
    groups: [
      { column: "colour", worst: "red", groups: [{ name: "blue", examples: 26, isSmall: true }, { name: "red" }] },
    ],
    measuredAt: "2026-12-01T00:00:00.000Z",
  });
  expect(whole!.tasks[0]!.pairs).toMatchObject([{ first: SCRIPT, second: "mae", difference: 0.4 }]);
  expect(whole!.failed).toEqual([{ model: "mae", task: "shapes", error: "no memory" }]);
  expect(
    whole!.overall.map(({ modality, model, mean, coverage }) => [modality, model, mean?.toFixed(2), coverage]),
  ).toEqual([
    ["image", SCRIPT, "0.80", [1, 2]],
    ["image", "mae", "0.00", [1, 2]],
    ["text", "bert", "0.50", [1, 1]],
    ["all", SCRIPT, "0.80", [1, 3]],
    ["all", "bert", "0.50", [1, 3]],
    ["all", "mae", "0.00", [1, 3]],
  ]);
  const images = JSON.parse((second as { boards: { text: string } }).boards.text) as LeaderboardView;
  expect(images.tasks.map(({ name }) => name)).toEqual(["mails"]);
});

it("is read by a thread, and anew where its journal has grown", { timeout: 60_000 }, async () => {
  const desk = storeDesk(folder, ending.signal);
  const [summary, again] = await Promise.all([desk.summary(), desk.summary()]);
  expect([summary.cells, again]).toEqual([4, summary]);
  const before = JSON.parse(await desk.board("image")) as LeaderboardView;
  expect(before.tasks[0]!.rows).toHaveLength(2);
  await writeSmallStore(folder, [{ model: "more", task: "tones" }]);
  while ((await desk.summary()).cells < 5) await wait(100);
  while ((JSON.parse(await desk.board()) as LeaderboardView).tasks.length < 3) await wait(100);
});

it("that is not there yet has no cells; one that cannot be read says why", async () => {
  expect((await storeDesk(join(root, "nowhere"), ending.signal).summary()).cells).toBe(0);
  await appendFile(join(root, "file"), "");
  await expect(storeDesk(join(root, "file"), ending.signal).summary()).rejects.toThrow("ENOTDIR");
});
