import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendLine, readLines } from "./line-file.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lines-"));
  path = join(folder, "results.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const texts = async () => (await readLines(path)).map(({ text }) => text);

test("lines stay in order, and empty ones do not count", async () => {
  expect(await readLines(path)).toEqual([]);
  await appendLine(path, "größe");
  await appendFile(path, "\n");
  await appendLine(path, "b");
  expect(await readFile(path, "utf8")).toBe("größe\n\nb\n");
  expect(await readLines(path)).toEqual([
    { number: 1, text: "größe" },
    { number: 3, text: "b" },
  ]);
});

test("cut anywhere, the file loses the last line at most, and takes the next", async () => {
  const whole = Buffer.from("é1\nb2\n"); // é has two bytes
  for (let cut = 0; cut <= whole.length; cut += 1) {
    await rm(path, { force: true });
    await appendFile(path, whole.subarray(0, cut));
    await appendLine(path, "c3");
    const found = await texts();
    expect(found.at(-1)).toBe("c3");
    if (cut >= 3) expect(found[0]).toBe("é1");
    if (cut >= 6) expect(found).toEqual(["é1", "b2", "c3"]);
  }
});

test("many at once lose nothing", async () => {
  const lines = Array.from({ length: 50 }, (_, i) => `${i} ${"x".repeat(i * 97)}`);
  await Promise.all(lines.map((line) => appendLine(path, line)));
  expect((await texts()).sort()).toEqual([...lines].sort());
});
