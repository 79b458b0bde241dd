import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { madeCell } from "../testing/cells.js";
import { formatCell, parseCell } from "./cell-record.js";
import type { Predictions } from "./predictions.js";
import { openStore } from "./result-store.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true }));
const journal = () => join(folder, "cells.jsonl");

const done = madeCell();
const other = madeCell({ encoder: "mae" });
const failed = madeCell({ error: "out of memory" });

it("keeps each cell once; what failed may be done later, what is done stays", async () => {
  const store = await openStore(folder);
  expect([store.cells, store.damaged]).toEqual([[], []]);
  expect([await store.append(failed.record), await store.append(other.record)]).toEqual([true, true]);
  expect([await store.append(done.record), await store.append(failed.record)]).toEqual([true, false]);
  expect(store.cells).toEqual([done.record, other.record]);
  expect((await openStore(folder)).cells).toEqual(store.cells);
});

it("a cell comes back from its line, and is refused where it was changed", () => {
  const line = formatCell(done.record);
  expect(parseCell(line)).toEqual(done.record);
  expect(() => parseCell(line.replace('"value":0.5', '"value":0.6'))).toThrow("was changed after it was written");
  expect(() => parseCell("{}")).toThrow("not the record of a cell");
});

it("cut anywhere, the journal gives whole cells, tells the torn line, and takes the cell again", async () => {
  const text = `${formatCell(other.record)}\n${formatCell(done.record)}\n`;
  const first = formatCell(other.record).length + 1;
  for (const length of [first - 30, first - 1, first, first + 1, text.length - 30, text.length - 1]) {
    await writeFile(journal(), text);
    await truncate(journal(), length);
    const store = await openStore(folder);
    const isWhole = length >= text.length - 1;
    const kept = length < first - 1 ? [] : isWhole ? [other.record, done.record] : [other.record];
    expect(store.cells).toEqual(kept);
    const isTorn = ![first - 1, first, text.length - 1].includes(length);
    expect(store.damaged).toEqual(isTorn ? [{ line: length < first ? 1 : 2, reason: expect.any(String) }] : []);
    for (const { record } of [other, done]) await store.append(record);
    expect(new Set((await openStore(folder)).cells)).toEqual(new Set([other.record, done.record]));
    expect((await readFile(journal(), "utf8")).startsWith(text.slice(0, length))).toBe(true); // set aside, not removed
  }
});

it("tells a line that somebody wrote into", async () => {
  const store = await openStore(folder);
  await store.append(done.record);
  await appendFile(journal(), "hello\n");
  await store.append(other.record);
  const again = await openStore(folder);
  expect(again.cells).toHaveLength(2);
  expect(again.damaged).toEqual([{ line: 2, reason: expect.stringContaining("JSON") }]);
});

it("keeps predictions by their hash, and refuses those that were changed", async () => {
  const store = await openStore(folder);
  const [[hash, told]] = [...done.predictions] as [[string, Predictions]];
  expect([await store.keep(told), await store.keep(told)]).toEqual([hash, hash]);
  expect(await store.predictions(hash)).toEqual(told);
  const path = join(folder, "predictions", `${hash.slice("sha256:".length)}.json`);
  await writeFile(path, JSON.stringify({ ...told, truth: [1, 1] }));
  await expect(store.predictions(hash)).rejects.toThrow("was changed");
});
