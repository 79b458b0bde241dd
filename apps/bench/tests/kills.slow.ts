/**
 * `pretrain` ended by SIGKILL at random moments, over and over: what was saved is there, and the end is that of an unbroken run.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom, exists, readMetrics, runState, verifyIfListed } from "@autodidact/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli, startCli } from "./run-cli.js";
import { type SmallRun, smallRuns } from "./small-runs.js";
import { writeReports } from "./small-texts.js";
import { writeStripes } from "./stripes.js";

const KILLS = 22; // of each kind
const STEPS = 40;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kills-"));
  await writeStripes(join(folder, "stripes"));
  await writeReports(join(folder, "reports"));
});
afterAll(() => rm(folder, { recursive: true }));

const weightsOf = (run: string) => readFile(join(run, "encoder", "model.safetensors"));
const hasBegun = (run: string) => exists(join(run, "config.json"));
const savedStep = async (run: string) => ((await hasBegun(run)) ? ((await runState(run)).savedStep ?? 0) : 0);

/** Starts or goes on with a run; kills it at a random moment, or says that it was done before. */
async function workUntilKilled(small: SmallRun, run: string, moment: Moment): Promise<"killed" | "done"> {
  const args = (await hasBegun(run)) ? small.resume : small.begin;
  const child = startCli(["pretrain", ...args, "--out", run], folder);
  if (moment.afterFirstStep) await child.seen(/step \d+\//).catch(() => {});
  await wait(moment.delayMs);
  child.process.kill("SIGKILL");
  const { code, errors } = await child.ended;
  if (code !== null && code !== 0) throw new Error(`ended by itself:\n${errors}`);
  expect(errors).not.toContain("damaged");
  const [, resumed] = /resuming after step (\d+)/.exec(errors) ?? [];
  if (resumed !== undefined) expect(Number(resumed)).toBe(moment.savedBefore); // nothing that was acknowledged is lost
  return code === 0 ? "done" : "killed";
}

interface Moment {
  readonly afterFirstStep: boolean;
  readonly delayMs: number;
  readonly savedBefore: number;
}

async function killAndCompare(small: SmallRun): Promise<string> {
  const whole = join(folder, `${small.name}-whole`);
  const started = performance.now();
  expect((await runCli(["pretrain", ...small.begin, "--out", whole], folder)).code).toBe(0);
  const lasts = performance.now() - started;
  const random = createRandom(17).split(small.name);
  const counts = { killed: 0, beforeTheRun: 0, finished: 0 };
  for (let number = 0; counts.killed < KILLS; number += 1) {
    const run = join(folder, `${small.name}-${number}`);
    let state: "killed" | "done" = "killed";
    while (state === "killed" && counts.killed < KILLS) {
      const afterFirstStep = random.uniform(0, 1) < 0.6;
      const delayMs = random.uniform(0, afterFirstStep ? lasts / 4 : lasts / 2);
      state = await workUntilKilled(small, run, { afterFirstStep, delayMs, savedBefore: await savedStep(run) });
      if (state === "done") break;
      counts.killed += 1;
      if (await hasBegun(run)) continue;
      counts.beforeTheRun += 1;
      await rm(run, { recursive: true, force: true }); // as the command asks for
    }
    const args = (await hasBegun(run)) ? small.resume : small.begin;
    const { code, errors } = await runCli(["pretrain", ...args, "--out", run], folder);
    if (code !== 0) throw new Error(errors);
    expect((await weightsOf(run)).equals(await weightsOf(whole))).toBe(true);
    await verifyIfListed(join(run, "encoder"));
    const steps = (await readMetrics(run)).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: small.steps }, (_, place) => place + 1));
    counts.finished += 1;
  }
  return `${small.name}: ${counts.killed} kills, ${counts.beforeTheRun} of them before the run had begun; ${counts.finished} runs ended as the unbroken one`;
}

test("killed with SIGKILL at random moments, runs resume to the same weights, bit for bit", async () => {
  for (const small of smallRuns(join(folder, "stripes"), join(folder, "reports"), STEPS)) {
    process.stdout.write(`${await killAndCompare(small)}\n`);
  }
});
