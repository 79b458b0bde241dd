import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockRun } from "./run-lock.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

const other = "lock-00000000-0000-4000-8000-000000000000.json";
const claim = (fields: object) =>
  writeFile(join(folder, other), JSON.stringify({ pid: process.pid, host: hostname(), claimedAt: 0, ...fields }));

test("a second start is refused until the first releases", async () => {
  const lock = await lockRun(folder);
  await expect(lockRun(folder)).rejects.toThrow(`in use by process ${process.pid}. Stop it first`);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  await (await lockRun(folder)).release();
});

test("a living other process keeps its lock, and loses it when it is gone", async () => {
  const child = spawn("sleep", ["60"]);
  await claim({ pid: child.pid, started: await startOf(child.pid!) });
  await expect(lockRun(folder)).rejects.toThrow(`in use by process ${child.pid}`);
  expect(await readdir(folder)).toEqual([other]);
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.kill("SIGKILL");
  await ended;
  const lock = await lockRun(folder);
  expect(await readdir(folder)).not.toContain(other);
  await lock.release();
});

test("a later process with the same number is not the owner", async () => {
  await claim({ started: "another boot/123" });
  await (await lockRun(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

test("a lock of another machine is refused, with what to do", async () => {
  await claim({ host: "elsewhere", started: "" });
  await expect(lockRun(folder)).rejects.toThrow(
    `on elsewhere. If that process has ended, delete ${join(folder, other)}`,
  );
});

test.each(["", "half a lo", "null", "[1]", "{}", '{"pid":-1,"host":"here"}', '{"pid":"1","host":"here"}', "\0\0\0"])(
  "a lock that says %j is refused with a way on, until it has been untouched for a minute",
  async (content) => {
    const path = join(folder, other);
    await writeFile(path, content);
    await expect(lockRun(folder)).rejects.toThrow(
      `${path} must be a lock and cannot be read. If no process works in the folder, delete it; untouched for 60 seconds`,
    );
    expect(await readFile(path, "utf8")).toBe(content);
    const before = Date.now() / 1000 - 61;
    await utimes(path, before, before);
    await (await lockRun(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  },
);

test("a folder or a link of a lock's name is none", async () => {
  await mkdir(join(folder, other));
  await symlink("nowhere", join(folder, other.replace("8000", "9000")));
  await (await lockRun(folder)).release();
  expect(await readdir(folder)).toHaveLength(2);
});

test("who works sees that its lock is gone", async () => {
  const lock = await lockRun(folder);
  await lock.check();
  for (const name of await readdir(folder)) await rm(join(folder, name));
  await expect(lock.check()).rejects.toThrow(`${folder} was deleted or moved, or its lock was`);
  await lock.release();
});

test("of many who find a stale lock at once, one gets it", async () => {
  for (let round = 0; round < 5; round += 1) {
    await claim({ pid: 999_999_999, started: "gone" });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder)));
    const got = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(got).toHaveLength(1);
    await got[0]!.value.release();
    expect(await readdir(folder)).toEqual([]);
  }
});

async function startOf(pid: number): Promise<string> {
  if (process.platform !== "linux") return "";
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  return `${boot.trim()}/${(await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]!.split(" ")[19]}`;
}
