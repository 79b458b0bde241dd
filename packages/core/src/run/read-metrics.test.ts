import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMetrics } from "./read-metrics.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metrics-"));
  await writeFile(join(folder, "config.json"), "{}");
});
afterEach(() => rm(folder, { recursive: true }));

const log = (text: string) => appendFile(join(folder, "metrics.jsonl"), text);

test("all whole records; what is half written or damaged is passed over", async () => {
  expect(await readMetrics(folder)).toEqual([]);
  await log('{"step":1,"name":"größe"}\n{"step":2}\nnothing\n[3]\n{"step":2,"score":null}\n{"step":3}');
  expect(await readMetrics(folder)).toEqual([{ step: 1, name: "größe" }, { step: 2 }, { step: 2, score: null }]);
});

test("where the steps go back, the later records win", async () => {
  await log(
    '{"step":1,"a":1}\n{"step":2,"a":2}\n{"step":3,"a":3}\n{"step":5,"a":4}\n{"step":3,"a":5}\n{"step":4,"a":6}\n',
  );
  expect((await readMetrics(folder)).map(({ a }) => a)).toEqual([1, 2, 5, 6]);
});

test("a log of many pieces, and a line longer than a piece", async () => {
  const long = "x".repeat(700_000);
  await log(`{"step":1,"long":"${long}"}\n`);
  for (let step = 2; step < 20; step += 1) await log(`{"step":${step},"filling":"${long.slice(step * 30_000)}"}\n`);
  const records = await readMetrics(folder);
  expect(records.map(({ step }) => step)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
  expect(records[0]!.long).toBe(long);
});

test("a folder without a run is refused", async () => {
  await expect(readMetrics(join(folder, "nothing"))).rejects.toThrow("must hold a run");
});
