import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DamagedLine, openMetricsLog } from "./metrics-log.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metrics-"));
  path = join(folder, "metrics.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

async function write(steps: readonly number[], resumeFrom?: number): Promise<void> {
  const log = await openMetricsLog(path, { resumeFrom });
  for (const step of steps) await log.append({ step, loss: step / 2, name: "größe" });
  await log.flush();
  await log.close();
}

const steps = async () =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).step);

test("one line a record, appended by every opening", async () => {
  await write([1, 2]);
  await write([3]);
  expect(await readFile(path, "utf8")).toBe(
    '{"step":1,"loss":0.5,"name":"größe","crc32c":"f3cd3e2d"}\n{"step":2,"loss":1,"name":"größe","crc32c":"c0e58d05"}\n' +
      '{"step":3,"loss":1.5,"name":"größe","crc32c":"2ed5292b"}\n',
  );
});

test("resuming removes the lines that will come again", async () => {
  await write([1, 2, 2, 3, 4]);
  await write([3], 2);
  expect(await steps()).toEqual([1, 2, 2, 3]);
  await write([], 0);
  expect(await readFile(path, "utf8")).toBe("");
});

test("an unfinished or damaged last line is removed", async () => {
  await write([1]);
  await appendFile(path, '{"step":2,"lo');
  await write([2]);
  await appendFile(path, "\0\0\0\n");
  await write([3]);
  expect(await steps()).toEqual([1, 2, 3]);
});

test("what JSON cannot say is null", async () => {
  const log = await openMetricsLog(path);
  await log.append({ step: 1, loss: Number.NaN });
  await log.close();
  expect(await readFile(path, "utf8")).toBe('{"step":1,"loss":null,"crc32c":"392b5505"}\n');
});

test("a damaged line is lost alone: resuming keeps the others, and says which", async () => {
  await write([1, 2, 3, 4, 5, 6]);
  const text = await readFile(path, "utf8");
  const lines = text.trimEnd().split("\n");
  lines[2] = lines[2]!.replace('"step":3', '"step":9'); // one bit would do: 3 is 0x33, 1 is 0x31
  await writeFile(path, `${lines.join("\n")}\n`);
  const damaged: DamagedLine[] = [];
  const log = await openMetricsLog(path, { resumeFrom: 5, onDamaged: (line) => damaged.push(line) });
  await log.close();
  expect(damaged).toEqual([{ number: 3, text: lines[2] }]);
  expect(await readFile(path, "utf8")).toBe(`${lines.slice(0, 5).join("\n")}\n`);
});
