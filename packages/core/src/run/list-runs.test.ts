import { appendFile, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listRuns } from "./list-runs.js";
import { createRun } from "./run.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "list-"));
});
afterEach(() => rm(root, { recursive: true }));

/** A closed run, that was last written to some seconds ago. */
async function makeRun(
  name: string,
  config: Record<string, unknown>,
  steps: number,
  secondsAgo: number,
): Promise<string> {
  const folder = join(root, name);
  const run = await createRun(folder, config);
  const log = await run.log();
  for (let step = 1; step <= steps; step += 1) await log.append({ step, loss: 1 });
  await log.close();
  await run.close();
  const then = new Date(Date.now() - 1000 * secondsAgo);
  for (const file of ["config.json", "metrics.jsonl"]) await utimes(join(folder, file), then, then);
  return folder;
}

test("every run below a folder, newest first, and nothing else", async () => {
  const old = await makeRun("old", { steps: 5 }, 5, 300);
  const deep = await makeRun("images/simclr/seed 1", { method: "simclr", steps: "many" }, 2, 100);
  await mkdir(join(deep, "encoder"));
  await utimes(join(deep, "encoder"), new Date(), new Date(Date.now() - 90_000));
  await writeFile(join(deep, "encoder", "config.json"), "{}");
  const begun = join(root, "begun");
  const run = await createRun(begun, { steps: 10 });
  await mkdir(join(root, "a model of others"));
  await writeFile(join(root, "a model of others", "config.json"), "{}");
  await makeRun(".hidden/run", {}, 1, 0);
  await makeRun("1/2/3/4/5", {}, 1, 0); // deeper than runs are kept

  const { runs, unreadable } = await listRuns(root);
  await run.close();
  expect(unreadable).toEqual([]);
  expect(runs).toEqual([
    {
      folder: begun,
      config: { steps: 10 },
      state: "running",
      process: expect.anything(),
      steps: 10,
      updatedAt: expect.any(Number),
    },
    {
      folder: deep,
      config: { method: "simclr", steps: "many" },
      state: "done",
      step: 2,
      updatedAt: expect.any(Number),
    },
    { folder: old, config: { steps: 5 }, state: "paused", step: 5, steps: 5, updatedAt: expect.any(Number) },
  ]);
  expect(Date.now() - runs[2]!.updatedAt).toBeGreaterThan(299_000);
  expect((await listRuns(old)).runs).toMatchObject([{ folder: old }]);
});

test("what cannot be read is named, and the others are listed", async () => {
  const whole = await makeRun("whole", {}, 1, 0);
  await appendFile(join(await makeRun("broken", {}, 1, 0), "config.json"), "}");
  const list = await makeRun("a list", {}, 1, 0);
  await rm(join(list, "SHA256SUMS")); // as of an older version
  await writeFile(join(list, "config.json"), "[]");
  await writeFile(join(await makeRun("lock", {}, 1, 0), "lock-00000000-0000-4000-8000-000000000000.json"), "{");
  const { runs, unreadable } = await listRuns(root);
  expect(runs.map(({ folder, state }) => [folder, state])).toEqual([
    [join(root, "lock"), "paused"], // a lock that says nothing is nobody's
    [whole, "paused"],
  ]);
  expect(unreadable).toHaveLength(2);
  const reasons = Object.fromEntries(unreadable.map(({ folder, reason }) => [folder, reason]));
  expect(reasons[join(root, "broken")]).toMatch("config.json is damaged");
  expect(reasons[join(root, "a list")]).toMatch("must hold a JSON object, got []");

  const nowhere = join(root, "nowhere");
  expect(await listRuns(nowhere)).toEqual({
    runs: [],
    unreadable: [{ folder: nowhere, reason: expect.stringMatching("ENOENT") }],
  });
});

test("the last step is found behind long and damaged lines", async () => {
  const folder = await makeRun("long", {}, 3, 0);
  await appendFile(
    join(folder, "metrics.jsonl"),
    `{"step":4,"refused":"${"x".repeat(20_000)}"}\nnothing\n{"step":5,"lo`,
  );
  expect((await listRuns(root)).runs).toMatchObject([{ step: 4 }]);
  await writeFile(join(folder, "metrics.jsonl"), '{"step');
  expect((await listRuns(root)).runs[0]!.step).toBeUndefined();
});
