import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { exists } from "../checkpoint/free-folder.js";
import { createRun } from "../run/run.js";
import { runState } from "../run/run-state.js";
import { beginRun, type RunPretrainingOptions, runPretraining } from "./run-pretraining.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = { show: () => {}, print: () => {}, end: () => {} };
const { signal } = new AbortController();
const session = { line, signal } as unknown as RunPretrainingOptions;
const failing = () => Promise.reject(new Error("the data is gone"));

it("leaves word of a run that failed before it learned anything, or nothing where it can be taken back", async () => {
  const run = await createRun(folder, {});
  await expect(runPretraining(run, failing, session)).rejects.toThrow("the data is gone");
  expect(await runState(folder)).toMatchObject({ state: "failed", failure: "the data is gone" });
  const another = join(folder, "another");
  const { run: begun, settings } = await beginRun(
    { settle: async () => ({ seed: 1 }) },
    { folder: another, line, signal },
  );
  expect(settings).toEqual({ seed: 1 });
  await expect(runPretraining(begun, failing, { ...session, takeBack: async () => {} })).rejects.toThrow("is gone");
  expect(await exists(another)).toBe(false);
});

it("takes back what was made for settings that did not come to be", async () => {
  const taken: string[] = [];
  const plan = {
    settle: () => Promise.reject(new Error("no tokens")),
    takeBack: async (from: string) => void taken.push(from),
  };
  await expect(beginRun(plan, { folder, line, signal })).rejects.toThrow("no tokens");
  expect(taken).toEqual([folder]);
});
