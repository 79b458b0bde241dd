import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openMetricsLog } from "../metrics/metrics-log.js";
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

test("every bit of a line that is flipped is noticed: the others stand, and the line is told", async () => {
  const written = await openMetricsLog(join(folder, "metrics.jsonl"));
  for (const step of [1, 2, 3]) await written.append({ step, loss: 1.5 * step });
  await written.close();
  const whole = await readFile(join(folder, "metrics.jsonl"));
  const second = { start: whole.indexOf(10) + 1, end: whole.indexOf(10, whole.indexOf(10) + 1) };
  for (let bit = 8 * second.start; bit < 8 * second.end; bit += 1) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    await writeFile(join(folder, "metrics.jsonl"), flipped);
    const damaged: number[] = [];
    const records = await readMetrics(folder, { onDamaged: ({ number }) => damaged.push(number) });
    const isInName = records.length === 3; // of the checksum's own field: what was measured is as it was
    expect(records.filter(({ step }) => step !== 2)).toEqual([
      { step: 1, loss: 1.5 },
      { step: 3, loss: 4.5 },
    ]);
    if (isInName) expect(records[1]).toMatchObject({ step: 2, loss: 3 });
    else expect(damaged[0]).toBe(2);
  }
});
