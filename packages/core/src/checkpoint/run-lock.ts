/**
 * One process at a time works on a run. A lock whose process has ended is cleared; while it lives, the file's time of change is its heartbeat.
 *
 * Each process first puts up a claim of its own, then looks for others. Two cannot both find none: whichever looked last looked after
 * the other's claim was there. A dead process's claim is deleted by its own name, so that nobody can delete a living one by mistake.
 */
import { randomInt, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export interface RunLock {
  /** Says between two heartbeats that the process is at work: to be called where a long step may have held up the timer. */
  beat(): Promise<void>;
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
    if (claim === undefined || beatAt === undefined) continue; // released meanwhile
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
    await utimes(own, now / 1000, now / 1000).catch(() => {}); // whoever deleted the lock wants no heartbeat
  }
  const timer = setInterval(beat, beatMs).unref();
  return {
    beat,
    async release() {
      clearInterval(timer);
      await rm(own, { force: true });
    },
  };
}

async function beatOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function locksIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^lock-[0-9a-f-]{36}\.json$/.test(name)).map((name) => join(folder, name));
}

async function putUpClaim(folder: string): Promise<string> {
  const path = join(folder, `lock-${randomUUID()}.json`);
  const claim: Claim = {
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    claimedAt: Date.now(),
  };
  await writeFile(`${path}.new`, JSON.stringify(claim));
  await rename(`${path}.new`, path); // never seen half written
  return path;
}

interface Rival {
  readonly path: string;
  readonly claim: Claim;
  readonly isSettled: boolean;
}

async function findRival(folder: string, own: string): Promise<Rival | undefined> {
  const paths = (await locksIn(folder)).filter((path) => path !== own);
  let rival: Rival | undefined;
  for (const path of paths) {
    const claim = await readClaim(path);
    if (claim === undefined) continue; // withdrawn meanwhile
    if (claim.host === hostname() && !(await isRunning(claim))) await rm(path, { force: true });
    else
      rival = {
        path,
        claim,
        isSettled: rival?.isSettled || claim.host !== hostname() || Date.now() - claim.claimedAt > settledMs,
      };
  }
  return rival;
}

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

async function readClaim(path: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Claim;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(
      `lockRun: ${path} must be a lock and cannot be read. If no process works in the folder, delete it.`,
      { cause: error },
    );
  }
}

function inUse({ path, claim: { pid, host } }: Rival): Error {
  const isElsewhere = host !== hostname();
  return new Error(
    `lockRun: the run is in use by process ${pid}${isElsewhere ? ` on ${host}` : ""}. ` +
      (isElsewhere ? `If that process has ended, delete ${path}.` : "Stop it first, or work in another folder."),
  );
}
