import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { MetricsRecord } from "../metrics/metrics-log.js";
import { metricsSince } from "./metrics-since.js";
import { readMetrics } from "./read-metrics.js";
import { createRun, openRun } from "./run.js";

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "since-"));
  folder = join(root, "run");
  await (await createRun(folder, { steps: 9 })).close();
});
afterEach(() => rm(root, { recursive: true }));

async function log(steps: readonly number[], resumeFrom?: number): Promise<void> {
  const run = await openRun(folder);
  const lines = await run.log({ resumeFrom });
  for (const step of steps) await lines.append({ step, loss: step });
  await lines.close();
  await run.close();
}
const stepsOf = (records: readonly MetricsRecord[]) => records.map(({ step }) => step);
const asked = async (cursor?: string) => {
  const { records, ...told } = await metricsSince(folder, cursor);
  return { ...told, steps: stepsOf(records) };
};

it("tells what was written since, and nothing twice", async () => {
  expect(await asked()).toEqual({ cursor: "", isEnd: true, steps: [] });
  await log([1, 2]);
  const first = await asked();
  expect(first).toMatchObject({ isEnd: false, steps: [1, 2] });
  expect(await asked(first.cursor)).toEqual({ cursor: first.cursor, isEnd: true, steps: [] });
  await log([3]);
  expect(await asked(first.cursor)).toMatchObject({ steps: [3] });
});

it("waits for the end of a line that is half written", async () => {
  await log([1]);
  const { cursor } = await asked();
  await appendFile(join(folder, "metrics.jsonl"), '{"step":2,"lo');
  expect(await asked(cursor)).toMatchObject({ isEnd: true, steps: [] });
  await appendFile(join(folder, "metrics.jsonl"), 'ss":3}\n');
  expect(await asked(cursor)).toMatchObject({ steps: [2] });
});

it("says where a run went on from an earlier step, and that all is void where it was begun anew", async () => {
  await log([1, 2, 3, 4]);
  const { cursor } = await asked();
  await log([3], 2);
  expect(await asked(cursor)).toMatchObject({ restartedAt: -1, steps: [1, 2, 3] }); // the line is gone
  const { cursor: shorter } = await asked();
  await appendFile(join(folder, "metrics.jsonl"), '{"step":2}\n{"step":3}\n');
  expect(await asked(shorter)).toMatchObject({ restartedAt: 1, steps: [2, 3] });
  await rm(join(folder, "metrics.jsonl"));
  expect(await asked(shorter)).toEqual({ restartedAt: -1, cursor: "", isEnd: true, steps: [] });
  expect(await asked("17-nonsense")).toMatchObject({ restartedAt: -1 });
});

it("gives in the end what readMetrics gives, however the lines came", async () => {
  const step = fc.integer({ min: 1, max: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 4 }), async (parts) => {
      await rm(join(folder, "metrics.jsonl"), { force: true });
      let [kept, cursor]: [MetricsRecord[], string] = [[], ""];
      for (const steps of parts) {
        await appendFile(join(folder, "metrics.jsonl"), steps.map((own) => `{"step":${own}}\n`).join(""));
        for (let isEnd = false; !isEnd; ) {
          const told = await metricsSince(folder, cursor);
          const bound = told.restartedAt ?? Number.POSITIVE_INFINITY;
          kept = [...kept.filter((record) => record.step <= bound), ...told.records];
          ({ cursor, isEnd } = told);
        }
      }
      expect(stepsOf(kept)).toEqual(stepsOf(await readMetrics(folder)));
    }),
    { numRuns: 40 },
  );
});

it("refuses a folder that is no run", async () => {
  await expect(metricsSince(root)).rejects.toThrow("must hold a run");
});
