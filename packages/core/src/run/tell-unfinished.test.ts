import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tellUnfinished } from "./tell-unfinished.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "unfinished-"));
});
afterAll(() => rm(root, { recursive: true }));

async function said(name: string, ...folders: string[]): Promise<string[]> {
  for (const folder of folders) await mkdir(join(root, name, folder), { recursive: true });
  const printed: string[] = [];
  await tellUnfinished(join(root, name), { print: (text) => printed.push(text), show() {}, end() {} });
  return printed;
}

it("says of an unfinished run of which step its encoder is", async () => {
  expect(await said("paused", "checkpoints/step-100", "checkpoints/step-120")).toEqual([
    "note: the run was not ended; this is its encoder after step 120, the last that was saved",
  ]);
});

it("says nothing of a finished run and of an encoder's folder", async () => {
  expect(await said("done", "checkpoints/step-120", "encoder")).toEqual([]);
  expect(await said("hugging-face", "onnx")).toEqual([]);
});
