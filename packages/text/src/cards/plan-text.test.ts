import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { planText } from "./plan-text.js";
import { textMethods } from "./text-settings.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "plan-text-"));
});
afterAll(() => rm(root, { recursive: true }));

it("names what it passes over, also what was seen before there was a line to print on", async () => {
  const rows = Array.from({ length: 40 }, (_, row) => JSON.stringify({ text: `row ${row} of many words` }));
  rows[30] = '{"text": "half';
  const data = join(root, "broken.jsonl");
  await writeFile(data, rows.join("\n"));
  const folder = join(root, "run");
  await mkdir(folder);
  const printed: string[] = [];
  const line = { print: (text: string) => void printed.push(text), show() {}, end() {} };
  const plan = await planText(textMethods["next-token"], data, { vocabularySize: 300, context: 8, layers: 1 });
  await plan.settle({ folder, line, signal: new AbortController().signal });
  const skipped = printed.filter((text) => text.startsWith("skipped"));
  expect(skipped).toEqual([
    expect.stringMatching(/^skipped: broken\.jsonl:31: not JSON/),
    "skipped in all: 1 document that could not be read",
  ]);
});

it("refuses options of other methods and values out of range", async () => {
  const planned = (given: Record<string, unknown>) => planText(textMethods["next-token"], root, given);
  await expect(planned({ maskShare: 0.2 })).rejects.toThrow("planText: `maskShare` is not among the options");
  await expect(planned({ context: 0 })).rejects.toThrow("planText: `context` must be a whole number");
});
