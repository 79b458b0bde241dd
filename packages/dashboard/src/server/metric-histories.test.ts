import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun } from "@autodidact/core";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isCursor, metricHistories } from "./metric-histories.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "histories-"));
});
afterEach(() => rm(root, { recursive: true }));

async function made(name: string, lines: readonly string[]): Promise<string> {
  const folder = join(root, name);
  await (await createRun(folder, {})).close();
  await writeFile(join(folder, "metrics.jsonl"), lines.map((line) => `${line}\n`).join(""));
  return folder;
}
const line = (step: number, loss: unknown = step) => JSON.stringify({ step, loss });

it("tells all of it in few points, then what was written since as it is", async () => {
  const folder = await made(
    "a",
    [1, 2, 3, 4, 5, 6, 7, 8].map((step) => line(step)),
  );
  const histories = metricHistories();
  const all = await histories.whole(folder, 4);
  expect(all).toMatchObject({
    restarted: false,
    series: [{ name: "loss", steps: [1, 4, 5, 8], values: [1, 4, 5, 8] }],
  });
  await appendFile(join(folder, "metrics.jsonl"), `${line(9)}\n${line(10)}\n{"step":11,"lo`);
  const news = await histories.since(folder, all.cursor, 4);
  expect(news).toMatchObject({ restarted: false, series: [{ steps: [9, 10] }] });
  expect((await histories.since(folder, news.cursor, 4)).series).toEqual([]); // the half line waits
  expect((await histories.whole(folder, 100)).series[0]!.steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("says that a run was begun anew, and tells all of it again", async () => {
  const folder = await made("a", [line(1), line(2), line(3)]);
  const histories = metricHistories();
  const { cursor } = await histories.whole(folder, 100);
  await writeFile(join(folder, "metrics.jsonl"), `${line(1, 5)}\n`);
  expect(await histories.since(folder, cursor, 100)).toMatchObject({
    restarted: true,
    series: [{ steps: [1], values: [5] }],
  });
  await appendFile(join(folder, "metrics.jsonl"), `${line(4)}\n${line(2)}\n`); // went on from step 1
  expect((await histories.whole(folder, 100)).series[0]!.steps).toEqual([1, 2]);
});

it("what is no number is null; words are passed over", async () => {
  const folder = await made("a", [
    line(1, null),
    '{"step":2,"loss":1e999,"refused":"NaN","__proto__":1,"constructor":2}',
    '{"step":1e999,"loss":1}',
    "nonsense",
  ]);
  const { series } = await metricHistories().whole(folder, 100);
  expect(JSON.parse(JSON.stringify(series))).toEqual([
    { name: "loss", steps: [1, 2], values: [null, null] },
    { name: "__proto__", steps: [2], values: [1] },
    { name: "constructor", steps: [2], values: [2] },
  ]);
});

it("keeps few numbers of many runs, and gives the same of those that it forgot", async () => {
  const folders = await Promise.all(["a", "b", "c"].map((name) => made(name, [line(1), line(2)])));
  const histories = metricHistories({ mostNumbers: 4 });
  for (const folder of [...folders, ...folders])
    expect((await histories.whole(folder, 100)).series[0]!.steps).toEqual([1, 2]);
  const both = await Promise.all([histories.whole(folders[0]!, 100), histories.whole(folders[0]!, 100)]);
  expect(both[0]).toEqual(both[1]);
});

it("cursors are what was given out, and nothing else", async () => {
  const folder = await made("a", [line(1)]);
  expect(isCursor((await metricHistories().whole(folder, 9)).cursor)).toBe(true);
  for (const text of ["", "0", "-1-ab", "1-", "1-123456789", "1-ab\n", "../1-ab"]) expect(isCursor(text)).toBe(false);
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 0xffffffff }), async (end, checksum) => {
      const { restarted, series } = await metricHistories().since(folder, `${end}-${checksum.toString(16)}`, 9);
      expect([restarted, series.length]).toEqual([true, 1]); // of no line: all is told
    }),
    { numRuns: 20 },
  );
});
