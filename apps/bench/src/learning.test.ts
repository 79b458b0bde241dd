import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun, runState } from "@autodidact/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Session } from "./engine-options.js";
import { learn } from "./learning.js";
import { liveLine } from "./live-line.js";
import type { Modality } from "./modality.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("leaves word of a run that failed before it learned anything", async () => {
  const run = await createRun(folder, {});
  const modality = { learner: () => Promise.reject(new Error("the data is gone")) } as unknown as Modality;
  const settings = { method: "any", data: { path: "data" }, steps: 1, batchSize: 1, seed: 0 };
  const session = { line: liveLine({ write: () => {} }), signal: new AbortController().signal } as unknown as Session;
  await expect(learn({ modality, run, settings, resumeCommand: "" }, session)).rejects.toThrow("the data is gone");
  expect(await runState(folder)).toMatchObject({ state: "failed", failure: "the data is gone" });
});
