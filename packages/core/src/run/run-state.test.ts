import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRun, openRun } from "./run.js";
import { runState } from "./run-state.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "state-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

/** Another process, at work on a run in `folder`; gone when the promise `ended` is kept. */
async function startWorker(steps?: number) {
  const program = fileURLToPath(new URL("../testing/work-until-killed.ts", import.meta.url));
  const told = steps === undefined ? [] : [String(steps)];
  const child = spawn(process.execPath, ["--import", "tsx", program, folder, ...told], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let step = 0;
  child.stdout.on("data", (data) => {
    step = Number(/(\d+)\n$/.exec(String(data))![1]);
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return { child, ended, step: () => step };
}

test("running, paused, failed, done", async () => {
  const run = await createRun(folder, { seed: 1 });
  expect(await runState(folder)).toEqual({ state: "running", process: { pid: process.pid, host: hostname() } });
  await run.close();
  expect(await runState(folder)).toEqual({ state: "paused" });

  const interrupted = await openRun(folder);
  await interrupted.checkpoints.save({ step: 3, tensors: {}, state: {} });
  await interrupted.checkpoints.save({ step: 12, tensors: {}, state: {} });
  await interrupted.close({ stopped: "SIGINT" });
  await interrupted.close({ failed: new Error("said too late") });
  expect(await runState(folder)).toEqual({ state: "paused", stoppedBy: "SIGINT", savedStep: 12 });

  const failing = await openRun(folder);
  expect((await runState(folder)).state).toBe("running");
  await failing.close({ failed: new Error("the disk is full") });
  expect(await runState(folder)).toEqual({ state: "failed", failure: "the disk is full", savedStep: 12 });

  const last = await openRun(folder);
  await mkdir(last.encoderFolder);
  expect((await runState(folder)).state).toBe("running"); // until it is closed
  await last.close();
  expect(await runState(folder)).toEqual({ state: "done", savedStep: 12 });
  expect((await readdir(folder)).sort()).toEqual(["SHA256SUMS", "checkpoints", "config.json", "encoder"]);
});

test("a killed process leaves a paused run, which can be opened again", async () => {
  const { child, ended, step } = await startWorker();
  await vi.waitFor(() => expect(step()).toBeGreaterThanOrEqual(4), { timeout: 60_000 });
  expect(await runState(folder)).toMatchObject({ state: "running", process: { pid: child.pid, host: hostname() } });
  child.kill("SIGKILL");
  await ended;
  const { savedStep, ...state } = await runState(folder);
  expect(state).toEqual({ state: "paused", stoppedBy: "killed" });
  expect(savedStep! % 3).toBe(0);
  expect(savedStep).toBeLessThanOrEqual(step() + 1);

  const run = await openRun(folder);
  expect(await runState(folder)).toMatchObject({ state: "running", process: { pid: process.pid } });
  await run.close();
  expect(await runState(folder)).toEqual({ state: "paused", savedStep });
});

test("the heartbeat keeps no process from ending", async () => {
  const { child, ended } = await startWorker(2);
  await ended;
  expect(child.exitCode).toBe(0);
  expect(await runState(folder)).toEqual({ state: "paused", stoppedBy: "killed" });
});

test("on another machine the age of the heartbeat tells", async () => {
  await (await createRun(folder, {})).close();
  const lock = join(folder, "lock-00000000-0000-4000-8000-000000000000.json");
  await writeFile(lock, JSON.stringify({ pid: process.pid, host: "elsewhere", started: "", claimedAt: 0 }));
  expect(await runState(folder)).toEqual({ state: "running", process: { pid: process.pid, host: "elsewhere" } });
  const beatBefore = async (seconds: number) => utimes(lock, new Date(), new Date(Date.now() - 1000 * seconds));
  await beatBefore(45);
  expect((await runState(folder)).state).toBe("running");
  await beatBefore(75);
  expect(await runState(folder)).toEqual({ state: "paused", stoppedBy: "silence" });
});

test("the heart beats every few seconds, and with the metrics", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  const run = await createRun(folder, {});
  const lock = join(folder, (await readdir(folder)).find((name) => name.startsWith("lock-"))!);
  const beatAt = async () => (await stat(lock)).mtimeMs;
  const start = Date.now();

  vi.advanceTimersByTime(5000);
  await vi.waitFor(async () => expect(await beatAt()).toBeCloseTo(start + 5000, -1), { timeout: 60_000 });

  vi.setSystemTime(start + 70_000); // a long step: no timer came to its turn
  const log = await run.log();
  await log.append({ step: 1 });
  expect(await beatAt()).toBeCloseTo(start + 70_000, -1);
  await log.close();
  await run.close();
  vi.advanceTimersByTime(60_000);
  expect((await readdir(folder)).filter((name) => name.startsWith("lock-"))).toEqual([]);
});
