import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendJsonLine, readJsonLines } from "./json-lines.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lines-"));
  path = join(folder, "results.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

test("one line a record, in order", async () => {
  expect(await readJsonLines(path)).toEqual({ records: [], damaged: [] });
  await appendJsonLine(path, { name: "größe\nzwei", value: 1 });
  await appendJsonLine(path, { name: "b" });
  expect(await readFile(path, "utf8")).toBe('{"name":"größe\\nzwei","value":1}\n{"name":"b"}\n');
  expect(await readJsonLines(path)).toEqual({
    records: [{ name: "größe\nzwei", value: 1 }, { name: "b" }],
    damaged: [],
  });
});

test("cut anywhere, the file loses the last record at most, and takes the next", async () => {
  const whole = Buffer.from('{"a":"é"}\n{"b":2}\n');
  for (let cut = 0; cut <= whole.length; cut += 1) {
    await rm(path, { force: true });
    await appendFile(path, whole.subarray(0, cut));
    await appendJsonLine(path, { c: 3 });
    const { records, damaged } = await readJsonLines(path);
    const isHalf = ![0, 10, 11, 18, 19].includes(cut); // a record without its line's end is whole
    expect(records).toEqual([...(cut >= 10 ? [{ a: "é" }] : []), ...(cut >= 18 ? [{ b: 2 }] : []), { c: 3 }]);
    expect(damaged).toHaveLength(isHalf ? 1 : 0);
    if (isHalf) expect(damaged[0]!.line).toBe(cut < 10 ? 1 : 2);
  }
});

test("many at once lose nothing", async () => {
  await Promise.all(Array.from({ length: 50 }, (_, i) => appendJsonLine(path, { i, filling: "x".repeat(i * 97) })));
  const { records, damaged } = await readJsonLines(path);
  expect(damaged).toEqual([]);
  expect(records.map(({ i }) => i as number).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test("lines of other kinds are named", async () => {
  await appendFile(path, "[1]\n7\nnull\n{}\n");
  const { records, damaged } = await readJsonLines(path);
  expect(records).toEqual([{}]);
  expect(damaged.map(({ line }) => line)).toEqual([1, 2, 3]);
});
