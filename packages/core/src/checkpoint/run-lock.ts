/**
 * One process at a time works on a run. A lock whose process has ended is cleared; while it lives, the file's time of change is its heartbeat.
 *
 * Each process first puts up a claim of its own, then looks for others. Two cannot both find none: whichever looked last looked after
 * the other's claim was there. A dead process's claim is deleted by its own name, so that nobody can delete a living one by mistake.
 */
import { randomInt, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { namingPath } from "./naming-path.js";

export interface RunLock {
  /**
   * Says between two heartbeats that the process is at work: to be called where a long step may have held up the timer. Throws, as `check`
   * does, where it looks and the lock is gone; it looks once a second at most.
   */
  beat(): Promise<void>;
  /** Throws where the lock is gone: the folder was deleted or moved, or others may believe that nobody works in it. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Whose lock there is in a folder. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Whether it works still: on this machine its process tells, elsewhere the age of its heartbeat alone. */
  readonly isAlive: boolean;
  readonly isElsewhere: boolean;
  /** Its last heartbeat, in milliseconds since 1970. */
  readonly beatAt: number;
}

interface Claim {
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  readonly started: string;
  /** Milliseconds since 1970. */
  readonly claimedAt: number;
}

/** A younger claim may be about to give way: both began at once. */
const settledMs = 1000;

const beatMs = 5000;
/** A step that takes as long holds up the heartbeat; a process on another machine is then taken for gone until the next one. */
const silentMs = 60_000;

/** Throws where another living process, or one on another machine, works in `folder`. */
export async function lockRun(folder: string): Promise<RunLock> {
  for (let attempt = 0; ; attempt += 1) {
    const own = await putUpClaim(folder);
    const rival = await findRival(folder, own);
    if (rival === undefined) return keep(own);
    await rm(own, { force: true });
    if (rival.isSettled || attempt === 12) throw inUse(rival);
    await wait(randomInt(10 * 2 ** Math.min(attempt, 5)));
  }
}

/** All who hold a lock in `folder` or left one behind. Changes nothing. */
export async function lockHolders(folder: string): Promise<LockHolder[]> {
  const holders: LockHolder[] = [];
  for (const path of await locksIn(folder)) {
    const [claim, beatAt] = [await readClaim(path), await beatOf(path)];
    if (claim === undefined || claim === "illegible" || beatAt === undefined) continue; // released meanwhile, or says nothing
    const { pid, host, started } = claim;
    const isElsewhere = host !== hostname();
    const isFresh = Date.now() - beatAt < silentMs;
    // Where the system does not tell when a process began, its number may be another's by now: then the heartbeat has a say too.
    const isAlive = isElsewhere ? isFresh : (await isRunning(claim)) && (started !== "" || isFresh);
    holders.push({ pid, host, isAlive, isElsewhere, beatAt });
  }
  return holders;
}

/** The heartbeat goes on until the lock is released, and keeps no process from ending. */
function keep(own: string): RunLock {
  let beatAt = Date.now();
  async function beat(): Promise<void> {
    const now = Date.now();
    if (now - beatAt < beatMs / 5) return;
    beatAt = now;
    await utimes(own, now / 1000, now / 1000).catch((error: NodeJS.ErrnoException) => {
      if (isGone(error)) throw vanished(own); // another failure of a heartbeat is none of the work
    });
  }
  async function check(): Promise<void> {
    if ((await beatOf(own)) === undefined) throw vanished(own);
  }
  const timer = setInterval(() => void beat().catch(() => {}), beatMs).unref(); // who works looks for itself
  return {
    beat,
    check,
    async release() {
      clearInterval(timer);
      await rm(own, { force: true });
    },
  };
}

const isGone = ({ code }: NodeJS.ErrnoException) => code === "ENOENT" || code === "ENOTDIR";

function vanished(own: string): Error {
  return new Error(
    `lockRun: ${own} must stay until the run is closed, and it is gone: ${dirname(own)} was deleted or moved, or its lock was. ` +
      "What was saved there before is where the folder is now.",
  );
}

async function beatOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isGone(error as NodeJS.ErrnoException)) return undefined;
    throw error;
  }
}

/** Files alone: no process makes a folder, a link or a pipe of that name. */
async function locksIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /^lock-[0-9a-f-]{36}\.json$/.test(entry.name));
  return files.map(({ name }) => join(folder, name));
}

/** Whether a name is that of a lock, or of one about to be put up. */
export const isLock = (name: string) => /^lock-[0-9a-f-]{36}\.json(\.new)?$/.test(name);

async function putUpClaim(folder: string): Promise<string> {
  const path = join(folder, `lock-${randomUUID()}.json`);
  const claim: Claim = {
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    claimedAt: Date.now(),
  };
  const unfinished = `${path}.new`;
  try {
    await namingPath(path, () => writeFile(unfinished, JSON.stringify(claim)));
    await rename(unfinished, path); // never seen half written
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
  return path;
}

interface Rival {
  readonly path: string;
  readonly claim: Claim | "illegible";
  readonly isSettled: boolean;
}

async function findRival(folder: string, own: string): Promise<Rival | undefined> {
  const paths = (await locksIn(folder)).filter((path) => path !== own);
  let rival: Rival | undefined;
  for (const path of paths) {
    const claim = await readClaim(path);
    if (claim === undefined) continue; // withdrawn meanwhile
    if (await isLeftBehind(path, claim)) await rm(path, { force: true });
    else rival = { path, claim, isSettled: rival?.isSettled || isSettled(claim) };
  }
  return rival;
}

/** Of a process that is gone; what cannot be read (a crash of the machine leaves empty files) has no process, only a heartbeat. */
async function isLeftBehind(path: string, claim: Claim | "illegible"): Promise<boolean> {
  if (claim === "illegible") return Date.now() - ((await beatOf(path)) ?? 0) > silentMs;
  return claim.host === hostname() && !(await isRunning(claim));
}

const isSettled = (claim: Claim | "illegible") =>
  claim === "illegible" || claim.host !== hostname() || Date.now() - claim.claimedAt > settledMs;

async function isRunning({ pid, started }: Claim): Promise<boolean> {
  try {
    process.kill(pid, 0); // signal 0 only asks
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  return started === (await startOf(pid));
}

/** Boot and start time of a process, from Linux's /proc; empty elsewhere. */
async function startOf(pid: number): Promise<string> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may hold spaces
    return `${boot.trim()}/${afterName[19]}`; // field 22: starttime
  } catch {
    return "";
  }
}

/** undefined where there is none any more. */
async function readClaim(path: string): Promise<Claim | "illegible" | undefined> {
  try {
    const { pid, host, started, claimedAt } = JSON.parse(await readFile(path, "utf8")) as Partial<Claim>;
    const isClaim = Number.isSafeInteger(pid) && pid! > 0 && typeof host === "string";
    if (!isClaim) return "illegible";
    return { pid: pid!, host, started: String(started ?? ""), claimedAt: Number(claimedAt) || 0 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) return "illegible"; // read, and no JSON object
    if (isGone(error as NodeJS.ErrnoException)) return undefined;
    throw error;
  }
}

function inUse({ path, claim }: Rival): Error {
  if (claim === "illegible") {
    return new Error(
      `lockRun: ${path} must be a lock and cannot be read. If no process works in the folder, delete it; untouched for ` +
        `${silentMs / 1000} seconds, it is taken for left behind.`,
    );
  }
  const { pid, host } = claim;
  return new Error(
    host === hostname()
      ? `lockRun: the run is in use by process ${pid}. Stop it first, or work in another folder. If that process is none of autodidact's, delete ${path}.`
      : `lockRun: the run is in use by process ${pid} on ${host}. If that process has ended, delete ${path}.`,
  );
}
