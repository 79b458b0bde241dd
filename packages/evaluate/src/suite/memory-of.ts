/**
 * How much memory another process holds: of Linux from /proc, elsewhere as `ps` tells.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { platform } from "node:os";

/** Bytes in memory; undefined where the system does not tell, or the process has ended. */
export async function memoryOf(pid: number): Promise<number | undefined> {
  if (platform() === "win32") return undefined;
  try {
    if (platform() !== "linux") return 1024 * Number(await residentByPs(pid));
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
  } catch {
    return undefined; // it has ended
  }
}

const residentByPs = (pid: number) =>
  new Promise<string>((resolve, reject) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, output) => (error ? reject(error) : resolve(output)));
  });
