/**
 * Runs a command to its end, and watches how much memory it takes.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { tie } from "./children.js";

/** Runs to its end, its stderr shown as it comes; rejects where it fails. */
export function runCommand(
  [program, ...parameters]: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<{ said: string; peakResidentBytes: number }> {
  return new Promise((resolve, reject) => {
    const child = tie(spawn(program!, parameters, { stdio: ["ignore", "pipe", "pipe"] }));
    let said = "";
    let peakResidentBytes = 0;
    const watch = setInterval(() => {
      peakResidentBytes = Math.max(peakResidentBytes, residentPeak(child.pid!));
    }, 1000);
    child.stderr.on("data", (text) => {
      said += text;
      process.stderr.write(text);
    });
    createInterface({ input: child.stdout }).on("line", onLine);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ said, peakResidentBytes });
      else reject(new Error(`${program} ${parameters.slice(0, 3).join(" ")} … ended with code ${code}.`));
    });
  });
}

/** Linux keeps the largest resident size of a process; 0 elsewhere, and where the process is gone. */
function residentPeak(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
