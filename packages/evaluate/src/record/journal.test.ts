import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { result } from "../testing/results.js";
import { appendRecord, readRecords } from "./journal.js";
import { formatRecord, parseRecord, resultRecord } from "./record.js";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  file = join(folder, "results.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const first = resultRecord(result);
const second = resultRecord({ ...result, createdAt: "2026-11-23T16:00:00.000Z" });

it("appends, and the same record twice is one", async () => {
  expect(await readRecords(file)).toEqual({ records: [], damaged: [] });
  expect([await appendRecord(file, first), await appendRecord(file, second)]).toEqual([true, true]);
  expect(await appendRecord(file, first)).toBe(false);
  expect(await readFile(file, "utf8")).toBe(`${formatRecord(first)}\n${formatRecord(second)}\n`);
  expect(await readRecords(file)).toEqual({ records: [first, second], damaged: [] });
});

it("begins a line of its own behind one that was cut short", async () => {
  await appendRecord(file, first);
  await truncate(file, formatRecord(first).length - 20);
  expect(await appendRecord(file, first)).toBe(true);
  const { records, damaged } = await readRecords(file);
  expect(records).toEqual([first]);
  expect(damaged).toEqual([{ line: 1, reason: expect.stringContaining("JSON") }]);
});

it("takes a last line that lacks its end alone", async () => {
  await writeFile(file, formatRecord(first));
  expect([await appendRecord(file, first), await appendRecord(file, second)]).toEqual([false, true]);
  expect(await readRecords(file)).toEqual({ records: [first, second], damaged: [] });
});

it("names damaged lines and reads the others, once", async () => {
  await appendRecord(file, first);
  await appendFile(
    file,
    `${formatRecord(first).replace('"step":100', '"step":999')}\n\0\0\n\n${formatRecord(first)}\n`,
  );
  await appendRecord(file, second);
  const { records, damaged } = await readRecords(file);
  expect(records).toEqual([first, second]);
  expect(damaged.map(({ line }) => line)).toEqual([2, 3]);
  expect(damaged[0]!.reason).toContain("was changed after it was written");
});

it("keeps a record of version 1 as it is", async () => {
  const text = (await readFile(new URL("./version-1.record.json", import.meta.url), "utf8")).trim();
  const old = parseRecord(text);
  expect([await appendRecord(file, old), await appendRecord(file, old)]).toEqual([true, false]);
  expect(await readFile(file, "utf8")).toBe(`${text}\n`);
  expect((await readRecords(file)).records).toEqual([old]);
});

it("passes on what is wrong with the file itself", async () => {
  await expect(readRecords(folder)).rejects.toThrow("EISDIR");
});
